// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.otlp.OtlpDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** One span of each dialect, and the event that it is. */
class DialectsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final OtlpDecoder decoder = new OtlpDecoder(List.of(), List.of());
  private final LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());

  @TestFactory
  Stream<DynamicTest> decode_knowsEachDialect() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream file = DialectsTest.class.getResourceAsStream("spans.json")) {
      for (JsonNode sample : JSON.readTree(file)) {
        tests.add(DynamicTest.dynamicTest(sample.path("case").asText(), () -> check(sample)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(30);
    return tests.stream();
  }

  private void check(JsonNode sample) throws Exception {
    Decoded decoded =
        decoder.decode(TestSpans.request(sample, GatewayFixture.NOON, GatewayFixture.NOON + 1_500));

    assertThat(decoded.rejections()).isEmpty();
    if (sample.has("skip")) {
      assertThat(decoded.calls()).isEmpty();
      assertThat(decoded.skipped()).containsOnlyKeys(sample.path("skip").asText());
      return;
    }
    assertThat(decoded.skipped()).isEmpty();
    assertThat(decoded.calls()).hasSize(1);
    byte[] written = codec.encode(decoded.calls().get(0).event());
    JsonNode event = JSON.readTree(written);
    sample
        .path("expect")
        .properties()
        .forEach(
            field ->
                assertThat(event.path(field.getKey()).asText())
                    .as(field.getKey())
                    .isEqualTo(field.getValue().asText()));
    sample
        .path("absent")
        .forEach(name -> assertThat(event.has(name.asText())).as(name.asText()).isFalse());
    assertThat(event.path("event_id").asText()).isEqualTo(TestSpans.TRACE + "-b7ad6b7169203331");
    assertThat(event.path("call_id")).isEqualTo(event.path("event_id"));
    assertThat(event.path("timestamp").asLong()).isEqualTo(GatewayFixture.NOON);
    assertThat(new String(written, java.nio.charset.StandardCharsets.UTF_8))
        .doesNotContain("a prompt");
    assertThat(codec.decode(written).eventId()).isNotEmpty();
  }
}
