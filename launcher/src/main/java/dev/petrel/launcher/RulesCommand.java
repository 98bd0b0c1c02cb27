// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code petrel rules}. */
@Command(
    name = "rules",
    description = "Checks rule files, and runs them over recorded calls.",
    mixinStandardHelpOptions = true,
    subcommands = {RulesLintCommand.class, RulesBacktestCommand.class})
final class RulesCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: petrel rules lint or backtest");
  }
}
