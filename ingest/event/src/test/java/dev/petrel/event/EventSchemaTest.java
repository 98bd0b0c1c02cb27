// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import static dev.petrel.event.Samples.minimalWith;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSchemaTest {
  private static final Path PUBLISHED =
      Path.of(System.getProperty("basedir", "")).resolve("../../docs/llm-call-event.schema.json");

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(EventSchema.json());

  @Test
  void json_isThePublishedSchema() throws Exception {
    if (Boolean.getBoolean("petrel.update-docs")) {
      Files.createDirectories(PUBLISHED.getParent());
      Files.writeString(PUBLISHED, EventSchema.json());
    }
    assertThat(PUBLISHED)
        .as("run the test with -Dpetrel.update-docs=true after a change of the event")
        .exists()
        .content(UTF_8)
        .isEqualTo(EventSchema.json());
  }

  @Test
  void json_takesWhatTheCodecWrites() throws Exception {
    Random random = Samples.seeded("json_takesWhatTheCodecWrites");
    RandomEventJson events = new RandomEventJson(random);
    assertThat(refusedBySchema(new String(Samples.golden(), UTF_8))).isFalse();
    for (int i = 0; i < 200; i++) {
      byte[] given = RandomEventJson.MAPPER.writeValueAsBytes(events.next(0.5));
      String written = new String(Samples.CODEC.encode(Samples.CODEC.decode(given)), UTF_8);
      assertThat(refusedBySchema(written)).as(written).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tenant\":\"acme\"",
        "\"tenant\":\"\"",
        "\"tenant\":5",
        "\"x\":{\"y\":[]}",
        "\"input_tokens\":0",
        "\"input_tokens\":12.0",
        "\"input_tokens\":12.5",
        "\"input_tokens\":-1",
        "\"input_tokens\":9223372036854775807",
        "\"input_tokens\":9223372036854775808",
        "\"input_tokens\":\"12\"",
        "\"duration_ms\":0",
        "\"duration_ms\":0.5",
        "\"duration_ms\":-0.5",
        "\"stream\":true",
        "\"stream\":\"true\"",
        "\"http_status\":429",
        "\"http_status\":99",
        "\"http_status\":1000",
        "\"error_type\":\"rate_limit\"",
        "\"usage_source\":\"reported\"",
        "\"usage_source\":\"REPORTED\"",
        "\"retried_error_type\":\"overloaded\"",
        "\"retried_error_type\":\"overload\"",
        "\"ratelimit\":{}",
        "\"ratelimit\":[]",
        "\"ratelimit\":{\"tokens\":{\"limit\":-1,\"more\":\"x\"},\"images\":7}",
        "\"ratelimit\":{\"tokens\":{\"limit\":-2}}",
        "\"ratelimit\":{\"tokens\":{\"limit\":\"2\"}}",
        "\"ratelimit\":{\"requests\":7}",
        "\"dropped_before\":{\"success\":1}",
        "\"dropped_before\":{\"success\":-1}",
        "\"dropped_before\":{\"other\":1}",
        "\"dropped_before\":{\"success\":null}",
        "\"attributes\":{}",
        "\"attributes\":{\"a\":\"b\"}",
        "\"attributes\":{\"a\":\"\"}",
        "\"attributes\":{\"\":\"a\"}",
        "\"attributes\":{\"a\":1}",
        "\"attributes\":{\"a\":null}",
        "\"attributes\":[\"a\"]",
      })
  void json_agreesWithTheCodec_onFields(String members) {
    assertAgreement(minimalWith(members));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "{\"v\":1,\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"success\"}",
        "{\"v\":1.0,\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"success\"}",
        "{\"v\":2,\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"success\"}",
        "{\"v\":\"1\",\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"success\"}",
        "{\"v\":null,\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"success\"}",
        "{\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"success\"}",
        "{\"v\":1,\"timestamp\":1764000000000,\"outcome\":\"success\"}",
        "{\"v\":1,\"event_id\":\"e\",\"outcome\":\"success\"}",
        "{\"v\":1,\"event_id\":\"e\",\"timestamp\":1764000000000}",
        "{\"v\":1,\"event_id\":\"e\",\"timestamp\":1764000000,\"outcome\":\"success\"}",
        "{\"v\":1,\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"ok\"}",
        "{\"v\":1,\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"error\",\"error_type\":\"tls\"}",
        "{\"v\":1,\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"refused\",\"error_type\":\"tls\"}",
        "{\"v\":1,\"event_id\":\"e\",\"timestamp\":1764000000000,\"outcome\":\"truncated\",\"error_type\":\"tls\"}",
      })
  void json_agreesWithTheCodec_onRecords(String json) {
    assertAgreement(json);
  }

  @Test
  void json_agreesWithTheCodec_onLengths() {
    for (int length : new int[] {1, 256, 257}) {
      assertAgreement(minimalWith("\"tenant\":\"" + "t".repeat(length) + "\""));
      assertAgreement(minimalWith("\"attributes\":{\"a\":\"" + "t".repeat(length) + "\"}"));
      assertAgreement(minimalWith("\"attributes\":{\"" + "t".repeat(length) + "\":\"a\"}"));
    }
  }

  @Test
  void json_isStricterThanTheCodec_whereReadingForgives() throws Exception {
    // Writers leave out what they do not know, and cut their messages themselves.
    for (String members :
        new String[] {"\"tenant\":null", "\"error_message\":\"" + "m".repeat(513) + "\""}) {
      assertThat(Samples.decode(minimalWith(members))).isNotNull();
      assertThat(refusedBySchema(minimalWith(members))).isTrue();
    }
  }

  private void assertAgreement(String json) {
    assertThat(refusedBySchema(json))
        .as("refused by the schema: %s", json)
        .isEqualTo(refusedByCodec(json));
  }

  private boolean refusedBySchema(String json) {
    return !schema.validate(json, InputFormat.JSON).isEmpty();
  }

  private static boolean refusedByCodec(String json) {
    try {
      Samples.decode(json);
      return false;
    } catch (InvalidEventException e) {
      return true;
    }
  }
}
