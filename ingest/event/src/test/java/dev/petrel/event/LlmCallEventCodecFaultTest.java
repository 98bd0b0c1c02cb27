// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import static dev.petrel.event.Samples.CODEC;
import static dev.petrel.event.Samples.minimalWith;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.petrel.event.InvalidEventException.Reason;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that no program of good will writes. */
class LlmCallEventCodecFaultTest {

  @Test
  void decode_refusesNoRecord() {
    assertThat(refusal((byte[]) null).reason()).isEqualTo(Reason.EMPTY);
    assertThat(refusal(new byte[0]).reason()).isEqualTo(Reason.EMPTY);
  }

  @Test
  void decode_refusesATruncatedRecord_whereverItIsCut() {
    byte[] whole = new String(Samples.golden(), UTF_8).strip().getBytes(UTF_8);
    for (int length = 1; length < whole.length; length++) {
      assertThat(refusal(Arrays.copyOf(whole, length))).as("cut at %d", length).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"v\"", "{\"v\":", "{\"v\":1", "{\"v\":1,", "{\"tenant\":\"ac"})
  void decode_tellsTruncation(String json) {
    assertThat(refusal(json).reason()).isEqualTo(Reason.TRUNCATED);
  }

  @Test
  void decode_survivesInvalidUtf8_anywhere() {
    Random random = Samples.seeded("decode_survivesInvalidUtf8_anywhere");
    byte[] golden = Samples.golden();
    for (int i = 0; i < 5_000; i++) {
      byte[] json = golden.clone();
      for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
        json[random.nextInt(json.length)] = (byte) (0x80 + random.nextInt(0x80));
      }
      onlyRefuses(json);
    }
  }

  @Test
  void decode_tellsInvalidUtf8() {
    byte[] json = minimalWith("\"tenant\":\"a?b\"").getBytes(UTF_8);
    json[new String(json, UTF_8).indexOf('?')] = (byte) 0xff;

    assertThat(refusal(json).reason()).isEqualTo(Reason.INVALID_UTF8);
  }

  @Test
  void decode_survivesRandomDamage() {
    Random random = Samples.seeded("decode_survivesRandomDamage");
    byte[] golden = Samples.golden();
    for (int i = 0; i < 20_000; i++) {
      byte[] json = golden.clone();
      for (int faults = 1 + random.nextInt(4); faults > 0; faults--) {
        json[random.nextInt(json.length)] =
            (byte)
                (random.nextBoolean()
                    ? "{}[]\",:0-e\\ntu".charAt(random.nextInt(14))
                    : random.nextInt());
      }
      onlyRefuses(json);
    }
  }

  @Test
  void decode_refusesDeepNesting() {
    for (String open : new String[] {"[", "{\"a\":"}) {
      String deep = open.repeat(100_000);
      assertThat(refusal(deep).reason()).isIn(Reason.MALFORMED, Reason.TOO_LARGE);
      assertThat(refusal(minimalWith("\"x\":" + deep)).reason()).isEqualTo(Reason.TOO_LARGE);
      assertThat(refusal(minimalWith("\"tenant\":" + deep)).reason())
          .isIn(Reason.WRONG_TYPE, Reason.TOO_LARGE);
    }
  }

  @Test
  void decode_refusesAMegabyteOfGarbage() {
    Random random = Samples.seeded("decode_refusesAMegabyteOfGarbage");
    byte[] garbage = new byte[1_000_000];
    random.nextBytes(garbage);
    assertThat(refusal(garbage)).isNotNull();
    assertThat(refusal("9".repeat(1_000_000))).isNotNull();
    assertThat(refusal("\"" + "a".repeat(1_000_000))).isNotNull();
    assertThat(refusal(minimalWith("\"input_tokens\":" + "9".repeat(1_000_000))).reason())
        .isEqualTo(Reason.TOO_LARGE);
    assertThat(refusal(minimalWith("\"" + "n".repeat(1_000_000) + "\":1")).reason())
        .isEqualTo(Reason.TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {" {}", "x", "]", " 1", "\u0000"})
  void decode_refusesTextAfterTheObject(String text) {
    assertThat(refusal(Samples.MINIMAL_OPEN + "}" + text).reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void decode_takesWhiteSpaceAroundTheObject() throws Exception {
    assertThat(Samples.decode(" \r\n\t" + Samples.MINIMAL_OPEN + "}\n").eventId()).isEqualTo("e-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"{}\"", "null", "true"})
  void decode_refusesWhatIsNoObject(String json) {
    assertThat(refusal(json).reason()).isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "+1", "01", ".5", "0x1f", "'1'", "1,"})
  void decode_refusesWhatIsNoJson(String number) {
    assertThat(refusal(minimalWith("\"duration_ms\":" + number)).reason())
        .isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"outcome\":\"CANARY\"",
        "\"CANARY\":CANARY",
        "\"tenant\":CANARY",
        "\"tenant\":[\"CANARY\"]",
        "\"tenant\":\"CANARY",
        "\"tenant\":\"CANARY\u0001\"",
        "\"tenant\":\"\\CANARY\"",
        "\"timestamp\":\"CANARY\"",
        "\"http_status\":\"CANARY\"",
        "\"error_type\":\"CANARY\"",
        "\"dropped_before\":{\"CANARY\":1}",
        "\"attributes\":{\"CANARY\":1}",
        "\"ratelimit\":\"CANARY\"",
        "\"final\":\"CANARY\"",
        "\"usage_source\":\"CANARY\"",
        "\"x\":1}CANARY",
      })
  void decode_quotesNoneOfTheRecord(String members) {
    InvalidEventException refusal = refusal("{\"v\":1," + members + "}");

    assertThat(refusal).hasMessageNotContaining("CANARY").hasNoCause();
  }

  private static void onlyRefuses(byte[] json) {
    Throwable thrown = catchThrowable(() -> CODEC.decode(json));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(InvalidEventException.class);
    }
  }

  private static InvalidEventException refusal(String json) {
    return refusal(json.getBytes(UTF_8));
  }

  private static InvalidEventException refusal(byte[] json) {
    return catchThrowableOfType(InvalidEventException.class, () -> CODEC.decode(json));
  }
}
