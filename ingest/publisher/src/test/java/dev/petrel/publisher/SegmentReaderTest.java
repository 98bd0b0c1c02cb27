// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.Outcome;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentReaderTest {
  private static final EncodedEvent FIRST = event("first", Outcome.SUCCESS, Map.of());
  private static final EncodedEvent SECOND =
      event("second", Outcome.CANCELLED, Map.of(Outcome.ERROR, 7L, Outcome.SUCCESS, 1L << 40));
  private static final EncodedEvent THIRD = event("third", Outcome.REFUSED, Map.of());

  @Test
  void next_givesEachEventAsItWas() {
    for (Outcome outcome : Outcome.values()) {
      EncodedEvent event = event("id-" + outcome, outcome, Map.of(outcome, 3L));
      SegmentReader reader = new SegmentReader(segment(event));
      EncodedEvent read = reader.next();

      assertThat(read.outcome()).isEqualTo(outcome);
      assertThat(read.toldDrops()).isEqualTo(Map.of(outcome, 3L));
      assertThat(read.key()).isEqualTo(event.key());
      assertThat(read.value()).isEqualTo(event.value());
      assertThat(reader.next()).isNull();
      assertThat(reader.next()).isNull();
      assertThat(reader.damaged()).isEmpty();
    }
  }

  @Test
  void next_keepsAllBeforeATornRecord_whereverItIsTorn() {
    byte[] whole = segment(FIRST, SECOND, THIRD);
    int second = segment(FIRST).length;
    int third = segment(FIRST, SECOND).length;
    for (int length = 0; length <= whole.length; length++) {
      byte[] torn = Arrays.copyOf(whole, length);
      assertThat(SegmentFormat.hasHeader(torn)).isTrue();
      SegmentReader reader = new SegmentReader(torn);
      List<String> expected =
          List.of("first", "second", "third")
              .subList(0, length < second ? 0 : length < third ? 1 : length < whole.length ? 2 : 3);

      assertThat(keys(reader)).as("torn at " + length).isEqualTo(expected);
      boolean betweenRecords =
          length <= SegmentFormat.HEADER_BYTES
              || length == second
              || length == third
              || length == whole.length;
      long damaged = reader.damaged().values().stream().mapToLong(Long::longValue).sum();
      assertThat(damaged).as("torn at " + length).isEqualTo(betweenRecords ? 0 : 1);
      if (length > third + 8 && length < whole.length) {
        assertThat(reader.damaged()).isEqualTo(Map.of(Outcome.REFUSED, 1L));
      }
    }
  }

  @Test
  void next_skipsADamagedRecord_whicheverByteIsWrong() {
    byte[] whole = segment(FIRST, SECOND, THIRD);
    int second = segment(FIRST).length;
    int third = segment(FIRST, SECOND).length;
    for (int at = second; at < third; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << bit);
        SegmentReader reader = new SegmentReader(damaged);

        assertThat(keys(reader)).as("byte " + at).containsExactly("first", "third");
        assertThat(reader.damaged().values()).as("byte " + at).containsExactly(1L);
        boolean outcomeIsReadable = at != second + 8;
        if (outcomeIsReadable) {
          assertThat(reader.damaged()).containsEntry(Outcome.CANCELLED, 1L);
        }
      }
    }
  }

  @Test
  void next_skipsWhatIsMarkedAsSettled(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("segment"), segment(FIRST, SECOND, THIRD));
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      SegmentFormat.markSettled(channel, segment(FIRST).length);
    }
    SegmentReader reader = new SegmentReader(Files.readAllBytes(file));
    assertThat(keys(reader)).containsExactly("first", "third");
    assertThat(reader.damaged()).isEmpty();
  }

  @Test
  void next_countsAnUnreadableOutcomeAsAnError() {
    byte[] bytes = segment(FIRST);
    bytes[SegmentFormat.HEADER_BYTES + 8] = 0;
    SegmentReader reader = new SegmentReader(bytes);

    assertThat(reader.next()).isNull();
    assertThat(reader.damaged()).isEqualTo(Map.of(Outcome.ERROR, 1L));
  }

  @Test
  void next_survivesZeros_asACrashedFileSystemLeavesThem() {
    byte[] bytes = Arrays.copyOf(segment(FIRST), 100_000);
    SegmentReader reader = new SegmentReader(bytes);

    assertThat(keys(reader)).containsExactly("first");
    assertThat(reader.damaged()).isEqualTo(Map.of(Outcome.ERROR, 1L));
  }

  @Test
  void hasHeader_refusesOtherFilesAndVersions() {
    byte[] bytes = segment(FIRST);
    bytes[SegmentFormat.HEADER_BYTES - 1] = 2;

    assertThat(SegmentFormat.hasHeader(bytes)).isFalse();
    assertThat(SegmentFormat.hasHeader("{\"v\":1}".getBytes(UTF_8))).isFalse();
    assertThat(SegmentFormat.hasHeader(new byte[0])).isTrue(); // torn before its first byte
  }

  static EncodedEvent event(String key, Outcome outcome, Map<Outcome, Long> toldDrops) {
    return new EncodedEvent(
        outcome,
        toldDrops,
        key.getBytes(UTF_8),
        ("{\"v\":1,\"event_id\":\"" + key + "\"}").getBytes(UTF_8));
  }

  static byte[] segment(EncodedEvent... events) {
    ByteBuffer bytes = ByteBuffer.allocate(10_000).put(SegmentFormat.header());
    for (EncodedEvent event : events) {
      bytes.put(SegmentFormat.encode(event));
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static List<String> keys(SegmentReader reader) {
    List<String> keys = new ArrayList<>();
    for (EncodedEvent event = reader.next(); event != null; event = reader.next()) {
      keys.add(new String(event.key(), UTF_8));
    }
    return keys;
  }
}
