// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {

  private static final FieldMapping MAPPING =
      FieldMapping.parse("timestamp=at,tenant=who,input_tokens=usage.in,error=failed");

  @TempDir private Path directory;

  private final List<LlmCallEvent.Builder> calls = new ArrayList<>();
  private final List<RejectedRow> rejected = new ArrayList<>();

  @Test
  void read_mapsJsonLinesWithNestedColumns() throws IOException {
    read(
        new JsonLinesFormat(MAPPING),
        """
        {"at":1780000000000,"who":"acme","usage":{"in":"12.0"},"failed":false,"more":[1,2]}

        {"at":"2026-05-28T20:26:40Z","who":null,"failed":true}
        """);

    assertThat(rejected).isEmpty();
    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).get(EventField.TENANT)).isEqualTo("acme");
    assertThat(calls.get(0).get(EventField.INPUT_TOKENS)).isEqualTo(12);
    assertThat(calls.get(0).get(EventField.OUTCOME)).isEqualTo(Outcome.SUCCESS);
    assertThat(calls.get(0).get(EventField.ERROR_TYPE)).isNull();
    assertThat(calls.get(1).get(EventField.TIMESTAMP)).isEqualTo(1780000000000L);
    assertThat(calls.get(1).get(EventField.TENANT)).isNull();
    assertThat(calls.get(1).get(EventField.INPUT_TOKENS)).isNull();
    assertThat(calls.get(1).get(EventField.OUTCOME)).isEqualTo(Outcome.ERROR);
    assertThat(calls.get(1).get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.UNKNOWN);
  }

  @Test
  void read_rejectsRowsWithRowAndReason() throws IOException {
    read(
        new JsonLinesFormat(MAPPING),
        """
        {"at":1780000000000}
        {"at":
        {"at":1780000000000,"usage":{"in":-5}}
        {"who":"acme"}
        [1]
        {"at":1780000000000,"failed":"maybe"}
        {"at":1780000000000,"who":{"name":"x"}}
        """);

    assertThat(calls).hasSize(1);
    assertThat(rejected)
        .extracting(row -> row.row() + " " + row.reason())
        .containsExactly(
            "2 not JSON",
            "3 input_tokens: must not be negative, was -5 (column usage.in)",
            "4 timestamp: column at is empty or absent",
            "5 not a JSON object",
            "6 error: must be true or false, yes or no, 1 or 0 (column failed)",
            "7 column who is an object or a list");
  }

  @Test
  void read_mapsCsvWithQuotesAndEmptyCells() throws IOException {
    read(
        new CsvFormat(FieldMapping.parse("timestamp=at,tenant=who,outcome=result")),
        "at,who,result\r\n1780000000,\"Acme, Inc.\",truncated\r\n1780000001,,success\r\n1780000002,x\r\n");

    assertThat(calls).hasSize(3);
    assertThat(calls.get(0).get(EventField.TENANT)).isEqualTo("Acme, Inc.");
    assertThat(calls.get(0).get(EventField.OUTCOME)).isEqualTo(Outcome.TRUNCATED);
    assertThat(calls.get(1).get(EventField.TENANT)).isNull();
    // A short row has nothing in its last columns.
    assertThat(calls.get(2).get(EventField.OUTCOME)).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void read_saysWhichColumnACsvLacks() {
    assertThatThrownBy(() -> read(new CsvFormat(MAPPING), "at,who\n1,2\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no column 'usage.in'; it has at, who");
  }

  @Test
  void read_opensGzipWhateverItsName() throws IOException {
    Path file = directory.resolve("calls.log");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("{\"at\":1780000000000}\n".getBytes(StandardCharsets.UTF_8));
    }

    new Recording(file, new JsonLinesFormat(MAPPING)).read(collector());

    assertThat(calls).hasSize(1);
  }

  @Test
  void read_takesItsOwnFormatAndRejectsInvalidEvents() throws IOException {
    read(
        new PetrelFormat(new LlmCallEventCodec(InstantSource.system())),
        """
        {"v":1,"event_id":"a","timestamp":1780000000000,"outcome":"success"}
        {"v":1,"event_id":"b","timestamp":1780000000000}
        """);

    assertThat(calls).hasSize(1);
    assertThat(rejected).extracting(RejectedRow::reason).containsExactly("outcome: is required");
  }

  @Test
  void read_namesAFileThatDoesNotExist() {
    assertThatThrownBy(
            () ->
                new Recording(directory.resolve("gone.csv"), new CsvFormat(MAPPING))
                    .read(collector()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gone.csv does not exist");
  }

  private void read(RecordingFormat format, String text) throws IOException {
    Path file = directory.resolve("recording");
    Files.writeString(file, text);
    new Recording(file, format).read(collector());
  }

  private Recording.RowConsumer collector() {
    return new Recording.RowConsumer() {
      @Override
      public void accept(RecordedCall call) {
        calls.add(call.event());
      }

      @Override
      public void reject(RejectedRow row) {
        rejected.add(row);
      }
    };
  }
}
