// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.alert.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes Block Kit messages.
 *
 * <p>All parts together stay far below the total length that Slack refuses without documenting it
 * ({@code msg_blocks_too_long}, seen from about 11 000 chars).
 */
final class SlackMessage {

  // https://docs.slack.dev/reference/block-kit/blocks: header 150, section text 3000, field 2000.
  static final int MAX_HEADER = 150;
  static final int MAX_SUMMARY = 1500;
  static final int MAX_FIELD = 500;
  static final int MAX_FALLBACK = 1500;

  private final Links links;

  SlackMessage(Links links) {
    this.links = links;
  }

  /** It has begun. */
  ObjectNode trigger(Alert alert) {
    String title = emoji(alert.severity()) + " " + AlertText.subject(alert) + ": calls are failing";
    ObjectNode message = message(title, alert.summary());
    ArrayNode blocks = message.putArray("blocks");
    header(blocks, title);
    section(blocks, SlackText.escaped(alert.summary(), MAX_SUMMARY));
    ArrayNode fields = blocks.addObject().put("type", "section").putArray("fields");
    rawField(fields, "Since", date(alert.startsAt()));
    field(fields, "Failed calls", AlertText.ratio(alert));
    field(fields, "Error types", AlertText.errors(alert));
    field(fields, "Models", AlertText.names(alert, "affected_models"));
    field(fields, "Tenants", AlertText.names(alert, "affected_tenants"));
    context(blocks, alert);
    return message;
  }

  /** It is over. */
  ObjectNode resolve(Alert alert) {
    String title = "✅ Resolved: " + AlertText.subject(alert);
    String over = AlertText.ending(alert) + " It lasted " + AlertText.lasted(alert) + ".";
    ObjectNode message = message(title, over);
    ArrayNode blocks = message.putArray("blocks");
    header(blocks, title);
    section(blocks, SlackText.escaped(over, MAX_SUMMARY));
    ArrayNode fields = blocks.addObject().put("type", "section").putArray("fields");
    rawField(fields, "Began", date(alert.startsAt()));
    if (alert.endsAt() != null) {
      rawField(fields, "Ended", date(alert.endsAt()));
    }
    field(fields, "Error types", AlertText.errors(alert));
    context(blocks, alert);
    return message;
  }

  private static ObjectNode message(String title, String text) {
    ObjectNode message = Json.mapper().createObjectNode();
    message.put("text", SlackText.escaped(title + ". " + text, MAX_FALLBACK));
    return message.put("unfurl_links", false).put("unfurl_media", false);
  }

  private static String emoji(Severity severity) {
    return switch (severity) {
      case CRITICAL -> "🔴";
      case ERROR -> "🟠";
      case WARNING -> "🟡";
      case INFO -> "🔵";
    };
  }

  private static void header(ArrayNode blocks, String title) {
    blocks
        .addObject()
        .put("type", "header")
        .putObject("text")
        .put("type", "plain_text")
        .put("text", SlackText.escaped(title, MAX_HEADER));
  }

  private static void section(ArrayNode blocks, String escaped) {
    blocks
        .addObject()
        .put("type", "section")
        .putObject("text")
        .put("type", "mrkdwn")
        .put("text", escaped);
  }

  private static void field(ArrayNode fields, String name, @Nullable String text) {
    if (text != null) {
      rawField(fields, name, SlackText.escaped(text, MAX_FIELD));
    }
  }

  private static void rawField(ArrayNode fields, String name, String escaped) {
    fields.addObject().put("type", "mrkdwn").put("text", "*" + name + "*\n" + escaped);
  }

  /** The time in the reader's own zone. */
  private static String date(long ms) {
    return "<!date^%d^{date_short_pretty} {time_secs}|%s>"
        .formatted(ms / 1000, Instant.ofEpochMilli(ms));
  }

  private void context(ArrayNode blocks, Alert alert) {
    StringBuilder text = new StringBuilder(300);
    String incident = links.incident(alert);
    if (Links.isLink(incident)) {
      text.append('<').append(incident.replace("&", "&amp;")).append("|Incident page>  ");
    }
    if (Links.isLink(alert.runbookUrl())) {
      text.append('<').append(alert.runbookUrl().replace("&", "&amp;")).append("|Runbook>  ");
    }
    text.append(
        SlackText.escaped(
            alert.severity().wireName() + " · " + alert.rule() + " · " + alert.alertId(), 200));
    blocks
        .addObject()
        .put("type", "context")
        .putArray("elements")
        .addObject()
        .put("type", "mrkdwn")
        .put("text", text.toString());
  }
}
