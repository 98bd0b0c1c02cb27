// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PetrelTest {

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "demo",
        "replay",
        "simulate",
        "classify",
        "doctor",
        "silence",
        "streams",
        "alerting",
        "dashboards"
      })
  void run_helpsWithEveryCommand(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: petrel " + command);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | say what to do",
        "fly | fly",
        "demo --scenario storm | must be one of steady, growth, sporadic, brownout",
        "demo --speed 0 | must be above 0",
        "simulate --scenario steady --rate 5 --for soon | such as 90s, 10m or 2h",
        "simulate --scenario steady --rate 5 --for 1m --lead-in -1s | --lead-in: was '-1s'",
        "simulate --scenario steady --rate 0 --for 1m | must be above 0",
        "silence | petrel silence add, list or expire",
        "silence add tenant=acme --comment c | --for",
        "silence add tenant --for 2h --comment c | 'tenant' is no matcher",
        "silence add tenant=acme --for soon --comment c | write it as 30m, 2h or 1d",
        "silence add tenant!=acme --for 2h --comment c | all alerts would be silent",
        "replay | FILE",
        "replay x.csv | need --map",
        "replay x.csv --map tenant=a | timestamp is missing",
        "replay x.csv --map timestamp=a,tennant=b | 'tennant' is no event field",
        "replay x.jsonl --format xml | must be petrel, csv or jsonl",
        "replay x.jsonl --speed fast | must be a positive number or max",
        "replay x.jsonl --shift-to then | must be now"
      })
  void run_answersBadUsageWithTwoAndWhatIsAllowed(String arguments, String message) {
    assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "kafka.partitons=3 | kafka.partitons: unknown key",
        "kafka.partitions=many | 'many' is not allowed; must be a whole number from 1 to 1000",
        "streams.close_delay=-3s | must be a duration"
      })
  void run_refusesBadSettingsNamingKeyValueAndWhatIsAllowed(String setting, String message) {
    assertThat(run("doctor", "--set", setting)).isEqualTo(1);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void run_saysWhatToDoWhenKafkaIsAway() throws Exception {
    Path file = directory.resolve("calls.jsonl");
    Files.writeString(file, "{\"t\":1780000000000}\n");
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }

    int code =
        run(
            "replay",
            file.toString(),
            "--map",
            "timestamp=t",
            "--kafka",
            "127.0.0.1:" + closedPort);

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("Kafka at 127.0.0.1:" + closedPort + " does not answer; start it (petrel up)");
  }

  @Test
  void run_simulatesTheSameFileFromTheSameSeed() throws Exception {
    Path first = directory.resolve("first.jsonl");
    Path second = directory.resolve("second.jsonl");
    Path other = directory.resolve("other.jsonl");
    for (Path file : List.of(first, second, other)) {
      int code =
          run(
              "simulate",
              "--scenario",
              "brownout",
              "--rate",
              "20",
              "--for",
              "2m",
              "--start",
              "1780000000000",
              "--seed",
              file.equals(other) ? "8" : "7",
              "--out",
              file.toString());
      assertThat(code).as(err.toString()).isZero();
    }

    assertThat(Files.readString(second)).isEqualTo(Files.readString(first)).contains("overloaded");
    assertThat(Files.readString(other)).isNotEqualTo(Files.readString(first));
  }

  private int run(String... arguments) {
    return Petrel.run(arguments, new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
