// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static dev.petrel.gateway.GatewayFixture.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code POST /v1/llm-calls}. */
class LlmCallsTest {

  private static final String PATH = "/v1/llm-calls";
  private static final String JSON = "application/json";
  private static final String LINES = "application/x-ndjson";

  @Test
  void post_storesOneObject() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      HttpResponse<String> answer =
          gateway.post(PATH, event("e1", "\"tenant\":\"acme\""), "content-type", JSON);

      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.body()).isEqualTo("{\"accepted\":1}");
      assertThat(gateway.only().eventId()).isEqualTo("e1");
      assertThat(gateway.only().get(EventField.TENANT)).isEqualTo("acme");
    }
  }

  @Test
  void post_storesArraysLinesAndObjectsInARow() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      String array = " [ " + event("a1") + " ,\n" + event("a2") + "] ";
      String lines = event("l1") + "\n\r\n" + event("l2") + "\r\n";
      String row = event("r1") + "\n" + event("r2");

      assertThat(gateway.post(PATH, array, "content-type", JSON).statusCode()).isEqualTo(202);
      assertThat(gateway.post(PATH, lines, "content-type", LINES).statusCode()).isEqualTo(202);
      assertThat(gateway.post(PATH, row).statusCode()).isEqualTo(202);
      assertThat(gateway.sink.stored)
          .extracting(LlmCallEvent::eventId)
          .containsExactly("a1", "a2", "l1", "l2", "r1", "r2");
    }
  }

  @Test
  void post_keepsTheGoodAndNamesTheBad() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      String body =
          "[%s,{\"v\":1},%s,7]"
              .formatted(event("e1"), event("e2").replace("success", "a-secret-outcome"));

      HttpResponse<String> answer = gateway.post(PATH, body, "content-type", JSON);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains("\"accepted\":1,\"rejected\":3")
          .contains("{\"index\":1,\"reason\":\"missing_field\",\"field\":\"event_id\"")
          .contains("{\"index\":2,\"reason\":\"impossible_value\",\"field\":\"outcome\"")
          .contains("{\"index\":3,\"reason\":\"malformed\",\"message\"")
          .doesNotContain("a-secret-outcome");
      assertThat(gateway.only().eventId()).isEqualTo("e1");
      assertThat(gateway.count("petrel.gateway.calls.received")).isEqualTo(4);
      assertThat(gateway.count("petrel.gateway.calls.stored")).isEqualTo(1);
      assertThat(gateway.count("petrel.gateway.calls.rejected")).isEqualTo(3);
    }
  }

  @Test
  void post_inLines_aBrokenOneStandsForItself_elsewhereForTheRest() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      String lines = "{\"v\":\n" + event("l2");
      String array = "[" + event("a1") + ", oops, " + event("a3") + "]";

      assertThat(gateway.post(PATH, lines, "content-type", LINES).body())
          .contains("\"accepted\":1,\"rejected\":1", "\"index\":0,\"reason\":\"truncated\"");
      assertThat(gateway.post(PATH, array, "content-type", JSON).body())
          .contains("\"accepted\":1,\"rejected\":1", "\"index\":1,\"reason\":\"malformed\"");
      assertThat(gateway.sink.stored).extracting(LlmCallEvent::eventId).containsExactly("l2", "a1");
    }
  }

  @Test
  void post_refusesWhatHasNoItem() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      for (String body : new String[] {"", "  ", "[]"}) {
        assertThat(gateway.post(PATH, body, "content-type", JSON).statusCode()).isEqualTo(400);
      }
      assertThat(gateway.post(PATH, "nonsense").statusCode()).isEqualTo(400);
      assertThat(gateway.sink.stored).isEmpty();
    }
  }

  @Test
  void post_classifiesPricesRedactsAndDropsWhatIsNotAskedFor() {
    try (GatewayFixture gateway =
        new GatewayFixture(
            "gateway.user_hash_key=0123456789abcdef", "gateway.attributes=experiment")) {
      String body =
          event(
                  "e1",
                  "\"http_status\":429",
                  "\"provider_error_code\":\"insufficient_quota\"",
                  "\"error_message\":\"key sk-abcdefghijklmnopqrstuvwx was refused\"",
                  "\"user\":\"jane@example.com\"",
                  "\"request_model\":\"gpt-4o\"",
                  "\"input_tokens\":1000",
                  "\"output_tokens\":0",
                  "\"messages\":[{\"content\":\"a prompt\"}]",
                  "\"attributes\":{\"experiment\":\"b\",\"prompt\":\"a prompt\"}")
              .replace("success", "error");

      assertThat(gateway.post(PATH, body).statusCode()).isEqualTo(202);

      LlmCallEvent event = gateway.only();
      assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.QUOTA_EXHAUSTED);
      assertThat(event.get(EventField.COST_NANO_USD)).isPositive();
      assertThat(event.get(EventField.ERROR_MESSAGE)).doesNotContain("sk-abc");
      assertThat(event.get(EventField.USER)).matches("[0-9a-f]{16}");
      assertThat(event.get(EventField.ATTRIBUTES)).isEqualTo(Map.of("experiment", "b"));
    }
  }

  @Test
  void post_keepsHashedUsers_andDropsRawOnesWithoutAKey() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      gateway.post(PATH, event("e1", "\"user\":\"0123456789abcdef\""));
      gateway.post(PATH, event("e2", "\"user\":\"jane\""));

      assertThat(gateway.sink.stored)
          .extracting(event -> event.get(EventField.USER))
          .containsExactly("0123456789abcdef", null);
    }
  }

  @Test
  void post_readsGzip_andRefusesWhatIsNoneOrAnotherEncoding() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      byte[] packed = GatewayFixture.gzip(event("e1").getBytes(UTF_8));

      assertThat(gateway.post(PATH, packed, "content-encoding", "gzip").statusCode())
          .isEqualTo(202);
      assertThat(gateway.post(PATH, event("e2"), "content-encoding", "gzip").statusCode())
          .isEqualTo(400);
      assertThat(gateway.post(PATH, event("e3"), "content-encoding", "zstd").statusCode())
          .isEqualTo(415);
      assertThat(gateway.only().eventId()).isEqualTo("e1");
    }
  }

  @Test
  void post_refusesWhatIsTooLarge_packedOrNot() {
    try (GatewayFixture gateway = new GatewayFixture("gateway.max_request_bytes=1024")) {
      String atTheBound = " ".repeat(1024 - event("e1").length()) + event("e1");
      String above = " " + atTheBound;
      byte[] bomb = GatewayFixture.gzip(new byte[1024 * 1024]);

      assertThat(gateway.post(PATH, atTheBound).statusCode()).isEqualTo(202);
      assertThat(gateway.post(PATH, above).statusCode()).isEqualTo(413);
      assertThat(
              gateway
                  .post(
                      PATH, GatewayFixture.gzip(above.getBytes(UTF_8)), "content-encoding", "gzip")
                  .statusCode())
          .isEqualTo(413);
      assertThat(bomb).hasSizeLessThan(2048);
      HttpResponse<String> refused = gateway.post(PATH, bomb, "content-encoding", "gzip");
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(refused.body()).contains("\"error\":\"too_large\"").contains("1024");
      assertThat(gateway.gateway.inFlightBytes()).isZero();
    }
  }

  @Test
  void post_isRefusedWith503_whileKafkaIsAway() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      gateway.sink.isAway = true;

      HttpResponse<String> answer = gateway.post(PATH, event("e1"));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValueAsLong("retry-after")).hasValue(5);
      assertThat(answer.body()).contains("\"error\":\"unavailable\"");
      assertThat(gateway.count("petrel.gateway.calls.not_stored")).isEqualTo(1);
      assertThat(gateway.count("petrel.gateway.requests.refused", "reason", "unavailable"))
          .isEqualTo(1);
    }
  }

  @Test
  void post_isRefusedWith429_beyondWhatIsHeldAtOnce_andAnsweredWhenStored() {
    try (GatewayFixture gateway = new GatewayFixture("gateway.max_in_flight_bytes=1500")) {
      gateway.sink.isSlow = true;
      String large = " ".repeat(1000) + event("e1");
      CompletableFuture<HttpResponse<String>> first =
          CompletableFuture.supplyAsync(() -> gateway.post(PATH, large));
      await().until(() -> gateway.sink.waiting.size() == 1);

      HttpResponse<String> second = gateway.post(PATH, large);

      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.headers().firstValueAsLong("retry-after")).hasValue(1);
      assertThat(first).isNotDone();
      gateway.sink.waiting.get(0).complete(null);
      assertThat(first.join().statusCode()).isEqualTo(202);
      assertThat(gateway.gateway.inFlightBytes()).isZero();
    }
  }

  @Test
  void otherMethodsAndPaths_areRefused() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      assertThat(gateway.post("/v1/metrics", "{}").statusCode()).isEqualTo(404);
    }
  }
}
