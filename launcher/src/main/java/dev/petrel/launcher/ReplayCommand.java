// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.launcher.replay.Recording;
import dev.petrel.launcher.replay.Replay;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Settings;
import dev.petrel.service.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code petrel replay}. */
@Command(
    name = "replay",
    description = {
      "Sends recorded calls through the pipeline; files may be gzip-compressed.",
      "History is counted in its own minutes, however old it is. Replaying a file again changes"
          + " nothing."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

  private static final int SHOWN_REJECTIONS = 5;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files to replay, in order.")
  private List<Path> files = List.of();

  @Option(
      names = "--speed",
      paramLabel = "N|max",
      defaultValue = "max",
      description =
          "N times as fast as recorded, or as fast as it goes (default: ${DEFAULT-VALUE}).")
  private String speed = "max";

  @Option(
      names = "--shift-to",
      paramLabel = "now",
      description =
          "Moves all times so that the recording happens now, as live traffic: at speed max the"
              + " last call starts now, else the first one.")
  private @Nullable String shiftTo;

  @Mixin private RecordingOptions recordingOptions = new RecordingOptions();

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    double factor = speedFactor();
    if (shiftTo != null && !shiftTo.equals("now")) {
      throw usage("--shift-to: was '" + shiftTo + "', must be now");
    }
    List<Recording> recordings =
        files.stream()
            .map(file -> new Recording(file, recordingOptions.formatOf(file, spec)))
            .toList();
    Settings settings = settingsOptions.load();
    String brokers = settings.get(KafkaSettings.BOOTSTRAP_SERVERS);
    KafkaCheck.requireReachable(brokers);
    Topics.createMissing(settings);
    PrintWriter out = spec.commandLine().getOut();
    String consoleUrl = Arguments.consoleUrl(settings);
    long rejected = 0;
    try (Replay replay = new Replay(brokers, factor, shiftTo != null, InstantSource.system())) {
      for (Recording recording : recordings) {
        Replay.Result result = replay.run(recording);
        print(out, consoleUrl, recording, result);
        rejected += result.rejected();
      }
    }
    return rejected == 0 ? 0 : 1;
  }

  private static void print(
      PrintWriter out, String consoleUrl, Recording recording, Replay.Result result) {
    out.printf(
        "%s: %,d calls sent, %,d rows rejected%n",
        recording.path().getFileName(), result.sent(), result.rejected());
    if (result.sent() > 0) {
      out.printf(
          "  from %s to %s%n  look at it: %s/?from=%d&to=%d%n",
          Instant.ofEpochMilli(result.firstTimestamp()),
          Instant.ofEpochMilli(result.lastTimestamp()),
          consoleUrl,
          Math.floorDiv(result.firstTimestamp(), 60_000) * 60_000,
          (Math.floorDiv(result.lastTimestamp(), 60_000) + 1) * 60_000);
    }
    result.rejections().stream()
        .limit(SHOWN_REJECTIONS)
        .forEach(row -> out.printf("  row %d: %s%n", row.row(), row.reason()));
    if (result.rejected() > 0) {
      out.printf("  all rejected rows are in llm-calls-dlq, with file, row and reason%n");
    }
  }

  private double speedFactor() {
    if (speed.equals("max")) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      double factor = Double.parseDouble(speed);
      if (factor > 0) {
        return factor;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw usage("--speed: was '" + speed + "', must be a positive number or max");
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
