// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlackWebhookNotifierTest extends NotifierContract {

  private static final Links LINKS = new Links(URI.create("http://127.0.0.1:8080"));

  @Override
  Notifier notifier(URI endpoint, HttpSender sender) {
    return new SlackWebhookNotifier(endpoint, LINKS, sender);
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
    assertThat(message.path("text").asText()).isNotEmpty().hasSizeLessThanOrEqualTo(4000);
    JsonNode blocks = message.path("blocks");
    assertThat(blocks.size()).isBetween(1, 50);
    for (JsonNode block : blocks) {
      switch (block.path("type").asText()) {
        case "header" -> {
          assertThat(block.path("text").path("type").asText()).isEqualTo("plain_text");
          assertThat(block.path("text").path("text").asText().length()).isBetween(1, 150);
        }
        case "section" -> {
          assertThat(block.has("text") || block.has("fields")).isTrue();
          if (block.has("text")) {
            assertThat(block.path("text").path("text").asText().length()).isBetween(1, 3000);
          } else {
            assertThat(block.path("fields").size()).isBetween(1, 10);
          }
          for (JsonNode field : block.path("fields")) {
            assertThat(field.path("text").asText().length()).isBetween(1, 2000);
          }
        }
        case "context" -> assertThat(block.path("elements").size()).isBetween(1, 10);
        default -> throw new AssertionError("unexpected block " + block);
      }
    }
    List<String> texts = new ArrayList<>();
    message.findValues("text").stream()
        .filter(JsonNode::isTextual)
        .forEach(text -> texts.add(text.asText()));
    assertThat(texts.stream().mapToInt(String::length).sum()).isLessThan(8_000);
    for (String text : texts) {
      assertEscaped(text);
    }
  }

  /** Only our own links and dates have brackets; every ampersand begins a whole entity. */
  private static void assertEscaped(String text) {
    String rest =
        text.replaceAll("<(https?://[^<>|]+\\|(Incident page|Runbook)|!date\\^[^<>]+)>", "");
    assertThat(rest).doesNotContain("<").doesNotContain(">");
    assertThat(rest.replaceAll("&(amp|lt|gt);", "")).doesNotContain("&");
    assertThat(text.codePoints())
        .noneMatch(point -> Character.getType(point) == Character.SURROGATE);
  }

  @Override
  void assertMatches(JsonNode trigger, JsonNode resolve) {
    // A webhook connects nothing; people do, by the subject and the incident's link.
    assertThat(header(trigger)).contains("tenant acme on openai gpt-4o");
    assertThat(header(resolve)).startsWith("✅ Resolved: tenant acme on openai gpt-4o");
    assertThat(trigger.toString()).contains("/incidents/a1");
    assertThat(resolve.toString()).contains("/incidents/a1");
  }

  private static String header(JsonNode message) {
    return message.path("blocks").path(0).path("text").path("text").asText();
  }

  @Test
  void resolve_saysThatItIsOverAndHowLongItLasted() {
    Alert over = Alerts.over(Alerts.firing("a1"));

    JsonNode message = new SlackMessage(LINKS).resolve(over);

    assertThat(message.path("blocks").path(1).path("text").path("text").asText())
        .isEqualTo("It is over: the calls work again. It lasted 4 min 30 s.");
  }

  @Test
  void resolve_saysWhatAnAbsorbedEpisodeIsPartOf() {
    Alert firing = Alerts.firing("a1");

    JsonNode message = new SlackMessage(LINKS).resolve(firing.resolved(0, "part_of b2", 0));

    assertThat(message.toString()).contains("part of incident b2, which goes on");
  }

  @Test
  void trigger_hasSummaryEvidenceAndLinks() {
    JsonNode message = new SlackMessage(LINKS).trigger(Alerts.firing("a1"));

    assertThat(message.toString())
        .contains("🔴 tenant acme on openai gpt-4o: calls are failing")
        .contains("34% of calls to openai fail.")
        .contains("34% (normally 1.1%)")
        .contains("overloaded 500")
        .contains("gpt-4o, gpt-4o, gpt-4o, gpt-4o, gpt-4o and 2 more")
        .contains("<http://127.0.0.1:8080/incidents/a1|Incident page>")
        .contains("<https://runbooks.example/provider_incident.md|Runbook>");
  }
}
