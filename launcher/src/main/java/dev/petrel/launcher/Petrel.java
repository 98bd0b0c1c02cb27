// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The petrel program. Exit codes: 0 ok, 1 failed, 2 usage. */
@Command(
    name = "petrel",
    description = "Watches calls to LLM APIs: what fails, whose fault it is, and what to do.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = PetrelVersion.class,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      ReplayCommand.class,
      SimulateCommand.class,
      ClassifyCommand.class,
      DoctorCommand.class,
      GatewayCommand.class,
      StreamsCommand.class,
      AlertingCommand.class,
      RulesCommand.class,
      SilenceCommand.class,
      DashboardsCommand.class
    })
public final class Petrel implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private Petrel() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args, writer(System.out), writer(System.err)));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine commandLine = new CommandLine(new Petrel());
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println("petrel: " + Failures.inWords(failure));
          return CommandLine.ExitCode.SOFTWARE;
        });
    return commandLine.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do, for example: petrel demo");
  }
}
