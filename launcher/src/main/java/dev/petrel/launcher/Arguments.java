// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.launcher.simulate.Scenario;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Arguments that more than one command has. */
final class Arguments {

  private Arguments() {}

  static Scenario scenario(CommandSpec spec, String name) {
    try {
      return Scenario.named(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
