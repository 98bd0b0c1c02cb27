// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlackWebhookNotifierTest extends NotifierContract {

  private static final Links LINKS = new Links(URI.create("http://127.0.0.1:8080"));

  @Override
  Notifier notifier(URI endpoint, HttpSender sender) {
    return new SlackWebhookNotifier("slack", new SlackWebhookConfig(endpoint), LINKS, sender);
  }

  @Override
  String secret() {
    return "T000/B000/verysecret";
  }

  @Override
  String path() {
    return "/services/" + secret();
  }

  @Override
  void assertValid(JsonNode message) {
    SlackRules.assertValid(message);
    assertThat(message.has("blocks")).isTrue();
  }

  @Override
  void assertMatches(JsonNode trigger, JsonNode resolve) {
    // A webhook connects nothing; people do, by the subject and the incident's link.
    String title = "tenant acme on openai gpt-4o: calls are failing";
    assertThat(header(trigger)).isEqualTo("🔴 " + title);
    assertThat(header(resolve)).isEqualTo("✅ Resolved: " + title);
    assertThat(trigger.toString()).contains("/incidents/a1");
    assertThat(resolve.toString()).contains("/incidents/a1");
  }

  private static String header(JsonNode message) {
    return message.path("blocks").path(0).path("text").path("text").asText();
  }

  @Test
  void send_fallsBackToPlainText() throws Exception {
    server.answer(
        body ->
            body.contains("\"blocks\"")
                ? new LocalReceiver.Answer(400, Map.of(), "invalid_blocks", 0)
                : new LocalReceiver.Answer(200, Map.of(), "ok", 0));

    NotifyResult result = send(Notice.about(Action.TRIGGER, Alerts.firing("a1")));

    assertThat(result).isEqualTo(new NotifyResult.Sent());
    assertThat(server.bodies()).hasSize(2);
    SlackRules.assertValid(Json.mapper().readTree(server.bodies().get(1)));
    assertThat(server.bodies().get(1)).contains("34% of calls to openai fail.", "|Runbook>");
  }

  @Test
  void limit_isAMessageASecond() {
    assertThat(notifier().limit()).contains(new RateLimit(1, Duration.ofSeconds(1)));
    assertThat(notifier().updates()).isFalse();
  }
}
