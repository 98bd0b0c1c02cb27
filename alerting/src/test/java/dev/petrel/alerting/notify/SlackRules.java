// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What Slack accepts of a message, by its documentation of Block Kit, and what nobody may achieve
 * by a name or an error message: to mention, to link, to reorder.
 */
final class SlackRules {

  private static final Set<String> FIELDS =
      Set.of(
          "text",
          "blocks",
          "unfurl_links",
          "unfurl_media",
          "channel",
          "ts",
          "thread_ts",
          "reply_broadcast",
          "metadata",
          "parse",
          "link_names");

  private SlackRules() {}

  static void assertValid(JsonNode message) {
    assertThat(message.fieldNames()).toIterable().isSubsetOf(FIELDS);
    // chat.update: 4000.
    assertThat(message.path("text").asText().length()).isBetween(1, 4_000);
    List<String> texts = new ArrayList<>(List.of(message.path("text").asText()));
    if (message.has("blocks")) {
      assertThat(message.path("blocks").size()).isBetween(1, 50);
      message.path("blocks").forEach(block -> assertBlock(block, texts));
    }
    assertThat(texts.stream().mapToInt(String::length).sum())
        .isLessThanOrEqualTo(SlackMessage.BUDGET);
    texts.forEach(SlackRules::assertHarmless);
  }

  private static void assertBlock(JsonNode block, List<String> texts) {
    switch (block.path("type").asText()) {
      case "header" -> {
        assertThat(block.fieldNames()).toIterable().containsExactlyInAnyOrder("type", "text");
        assertThat(block.path("text").path("type").asText()).isEqualTo("plain_text");
        addText(block.path("text"), 150, texts);
      }
      case "section" -> {
        assertThat(block.fieldNames()).toIterable().isSubsetOf("type", "text", "fields");
        assertThat(block.has("text") || block.has("fields")).isTrue();
        if (block.has("text")) {
          addMrkdwn(block.path("text"), 3_000, texts);
        }
        if (block.has("fields")) {
          assertThat(block.path("fields").size()).isBetween(1, 10);
          block.path("fields").forEach(field -> addMrkdwn(field, 2_000, texts));
        }
      }
      case "context" -> {
        assertThat(block.fieldNames()).toIterable().containsExactlyInAnyOrder("type", "elements");
        assertThat(block.path("elements").size()).isBetween(1, 10);
        block.path("elements").forEach(element -> addMrkdwn(element, 2_000, texts));
      }
      default -> throw new AssertionError("unexpected block " + block);
    }
  }

  private static void addMrkdwn(JsonNode node, int max, List<String> texts) {
    assertThat(node.path("type").asText()).isEqualTo("mrkdwn");
    assertThat(node.path("verbatim").asBoolean()).isTrue();
    addText(node, max, texts);
  }

  private static void addText(JsonNode node, int max, List<String> texts) {
    String text = node.path("text").asText();
    assertThat(text).isNotBlank();
    assertThat(text.length()).isLessThanOrEqualTo(max);
    texts.add(text);
  }

  /** Only our own links and dates have brackets; every ampersand begins a whole entity. */
  static void assertHarmless(String text) {
    String rest =
        text.replaceAll(
            "<(https?://[^<>|\\s]+\\|(Incident page|Runbook|Page)|!date\\^[^<>]+)>", "");
    assertThat(rest).doesNotContain("<").doesNotContain(">");
    assertThat(rest.replaceAll("&(amp|lt|gt);", "")).doesNotContain("&");
    assertThat(text)
        .doesNotContainPattern("[\\p{Cs}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");
    assertThat(text.replace("\n", "")).doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
  }
}
