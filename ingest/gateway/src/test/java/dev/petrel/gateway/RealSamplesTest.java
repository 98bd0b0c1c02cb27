// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.otlp.OtlpDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Spans that others recorded: {@code -Dpetrel.shared=DIR} names the folder that has {@code
 * data/otlp-genai-samples.json}. Prints what becomes of each.
 */
@EnabledIfSystemProperty(named = "petrel.shared", matches = ".+")
class RealSamplesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void decode_makesAnEventOfEach_orSkipsItWithAReason() throws IOException {
    JsonNode samples =
        JSON.readTree(
            Path.of(System.getProperty("petrel.shared"), "data", "otlp-genai-samples.json")
                .toFile());
    OtlpDecoder decoder = new OtlpDecoder(List.of(), List.of());
    int events = 0;
    int skipped = 0;
    for (JsonNode sample : samples) {
      Decoded decoded =
          decoder.decode(TestSpans.request(span(sample), ms(sample, "start"), ms(sample, "end")));
      assertThat(decoded.rejections()).isEmpty();
      if (decoded.calls().isEmpty()) {
        skipped++;
        System.out.printf("%-34s skipped: %s%n", name(sample), decoded.skipped().keySet());
        continue;
      }
      events++;
      LlmCallEvent event = decoded.calls().get(0).event();
      System.out.printf(
          "%-34s %s %s %s in=%s out=%s %s %s%n",
          name(sample),
          event.get(EventField.PROVIDER),
          event.get(EventField.OPERATION),
          event.get(EventField.REQUEST_MODEL),
          event.get(EventField.INPUT_TOKENS),
          event.get(EventField.OUTPUT_TOKENS),
          event.outcome(),
          event.get(EventField.ERROR_TYPE));
      checkTokens(sample, event);
    }
    System.out.printf("%d events, %d skipped of %d%n", events, skipped, samples.size());
    assertThat(events + skipped).isEqualTo(samples.size());
    assertThat(events).isGreaterThanOrEqualTo(samples.size() - 2);
  }

  private static String name(JsonNode sample) {
    return sample.path("span_name").asText("-")
        + " "
        + sample.path("scope").path("name").asText("");
  }

  /** Into the form of this module's own samples. */
  private static ObjectNode span(JsonNode sample) {
    ObjectNode span = JSON.createObjectNode();
    span.put("name", sample.path("span_name").asText(""));
    span.put("scope", sample.path("scope").path("name").asText(""));
    span.put("scope_version", sample.path("scope").path("version").asText(""));
    span.set("resource", sample.path("resource"));
    span.set("attributes", sample.path("attributes"));
    String status = sample.path("status_code").asText();
    if (status.equals("2") || status.equals("ERROR")) {
      span.put("status", "ERROR");
      span.put("message", sample.path("status_message_prefix").asText(""));
    }
    return span;
  }

  private static long ms(JsonNode sample, String name) {
    String time = sample.path(name).asText("2026-01-01T00:00:00Z").replace("+00:00", "Z");
    return Instant.parse(time.endsWith("Z") ? time : time + "Z").toEpochMilli();
  }

  /** Where the span's attributes hold the counts that the source's own parser found. */
  private static void checkTokens(JsonNode sample, LlmCallEvent event) {
    JsonNode input = sample.path("parsed_usage").path("input");
    if (event.get(EventField.INPUT_TOKENS) != null && input.isNumber()) {
      assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(input.asLong());
    }
    JsonNode output = sample.path("parsed_usage").path("output");
    if (event.get(EventField.OUTPUT_TOKENS) != null && output.isNumber()) {
      assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(output.asLong());
    }
  }
}
