// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.alerting.rules.AlertRules;
import dev.petrel.alerting.rules.Lint;
import dev.petrel.alerting.rules.RuleFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code petrel rules lint}. */
@Command(
    name = "lint",
    description = {
      "Checks rule files. Secrets are not read, so it works where there are none.",
      "Exits with 1 when a file has a mistake, or something that cannot be meant."
    },
    mixinStandardHelpOptions = true)
final class RulesLintCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Rule files.")
  private List<Path> files = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean clean = true;
    for (Path file : files) {
      try {
        AlertRules rules = RuleFiles.read(file);
        List<String> warnings = Lint.warnings(rules);
        warnings.forEach(warning -> out.printf("%s: %s%n", file, warning));
        if (warnings.isEmpty()) {
          out.printf("%s: fine, %d rules%n", file, rules.rules().size());
        }
        clean &= warnings.isEmpty();
      } catch (RuleFileException e) {
        out.println(e.getMessage());
        clean = false;
      }
    }
    return clean ? 0 : 1;
  }
}
