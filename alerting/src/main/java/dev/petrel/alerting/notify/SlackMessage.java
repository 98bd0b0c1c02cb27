// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Writes Block Kit messages about incidents.
 *
 * <p>Each part has a share of {@value #BUDGET} chars, so that all together stay below the total
 * length that Slack refuses without documenting it ({@code msg_blocks_too_long}, seen from about 11
 * 000 chars). All text of others is {@code verbatim}: Slack makes no links of it by itself.
 */
final class SlackMessage {

  /** All text of a message together, in chars. */
  static final int BUDGET = 8_000;

  // https://docs.slack.dev/reference/block-kit/blocks: header 150, section text 3000, 10 fields of
  // 2000. The rest are the shares.
  private static final int MAX_HEADER = 150;
  private static final int MAX_FALLBACK = 600;
  private static final int MAX_BODY = 1_200;
  private static final int MAX_FIELDS = 10;
  private static final int MAX_FIELD_NAME = 40;
  private static final int MAX_FIELD = 300;
  private static final int MAX_IDENTITY = 200;
  private static final int MAX_LINK = 300;
  private static final int MAX_REQUEST_IDS = 5;
  private static final int MAX_REQUEST_ID_TEXT = 300;

  /** Alerts of a group that are listed; the others are counted. */
  static final int MAX_LISTED = 8;

  private static final int LISTED_IN_A_SECTION = 4;
  private static final int MAX_LISTED_TEXT = 120;

  private static final int MAX_PLAIN_BODY = 2_500;

  private final Links links;

  SlackMessage(Links links) {
    this.links = links;
  }

  /** The message as it is now. */
  ObjectNode message(Notice notice) {
    String title = AlertText.heading(notice);
    String body = AlertText.body(notice);
    ObjectNode message = text(SlackText.escaped(title + ". " + body, MAX_FALLBACK));
    ArrayNode blocks = message.putArray("blocks");
    blocks
        .addObject()
        .put("type", "header")
        .putObject("text")
        .put("type", "plain_text")
        .put("text", SlackText.escaped(title, MAX_HEADER));
    section(blocks, SlackText.visible(body, MAX_BODY));
    fields(blocks, notice);
    if (!notice.isSingle()) {
      list(blocks, notice);
    }
    requestIds(blocks, notice);
    context(blocks, notice);
    return message;
  }

  /** The same without blocks, for when Slack refuses them. */
  ObjectNode plain(Notice notice) {
    String title = AlertText.heading(notice);
    return text(
        SlackText.escaped(title, MAX_HEADER)
            + "\n"
            + SlackText.visible(AlertText.body(notice), MAX_PLAIN_BODY)
            + "\n"
            + linksAndIdentity(notice));
  }

  /** What the thread under the message is told: what happened just now, and why it is told. */
  ObjectNode timelineEntry(Notice notice) {
    String what =
        switch (notice.action()) {
          case TRIGGER -> "Began, " + notice.severity().wireName() + ": ";
          case UPDATE -> "Now " + notice.severity().wireName() + ": ";
          case RESOLVE -> "";
        };
    String text = AlertText.icon(notice) + " " + what + AlertText.body(notice);
    return text(
        SlackText.escaped(text, MAX_BODY)
            + "\n"
            + SlackText.visible("Told because: " + notice.reason(), MAX_FIELD));
  }

  private static ObjectNode text(String escaped) {
    return Json.mapper()
        .createObjectNode()
        .put("text", escaped)
        .put("unfurl_links", false)
        .put("unfurl_media", false);
  }

  private static void section(ArrayNode blocks, String escaped) {
    mrkdwn(blocks.addObject().put("type", "section").putObject("text"), escaped);
  }

  private static void mrkdwn(ObjectNode node, String escaped) {
    node.put("type", "mrkdwn").put("text", escaped).put("verbatim", true);
  }

  private static void fields(ArrayNode blocks, Notice notice) {
    ArrayNode fields = blocks.addObject().put("type", "section").putArray("fields");
    field(fields, notice.action() == Action.RESOLVE ? "Began" : "Since", date(notice.startsAt()));
    if (notice.action() == Action.RESOLVE) {
      field(fields, "Ended", date(AlertText.endedAt(notice)));
    }
    if (notice.isSingle()) {
      for (Map.Entry<String, String> fact : notice.first().facts().entrySet()) {
        if (fields.size() == MAX_FIELDS) {
          break;
        }
        field(
            fields,
            SlackText.visible(fact.getKey(), MAX_FIELD_NAME),
            SlackText.visible(fact.getValue(), MAX_FIELD));
      }
    }
  }

  private static void field(ArrayNode fields, String name, String escaped) {
    mrkdwn(fields.addObject(), "*" + name + "*\n" + escaped);
  }

  /** The first alerts of a group, a line each. */
  private void list(ArrayNode blocks, Notice notice) {
    List<Alert> alerts = notice.alerts();
    int listed = Math.min(MAX_LISTED, alerts.size());
    for (int from = 0; from < listed; from += LISTED_IN_A_SECTION) {
      StringBuilder lines = new StringBuilder(1_500);
      for (Alert alert : alerts.subList(from, Math.min(listed, from + LISTED_IN_A_SECTION))) {
        lines
            .append(AlertText.icon(alert))
            .append(" *")
            .append(SlackText.escaped(AlertText.title(alert), MAX_LISTED_TEXT))
            .append("* ")
            .append(SlackText.link(links.incident(alert), "Page", MAX_LISTED_TEXT))
            .append(SlackText.escaped(alert.summary(), MAX_LISTED_TEXT))
            .append('\n');
      }
      section(blocks, lines.toString());
    }
    if (alerts.size() > listed) {
      section(blocks, "and " + (alerts.size() - listed) + " more");
    }
  }

  private static void requestIds(ArrayNode blocks, Notice notice) {
    List<String> ids = AlertText.requestIds(notice.alerts(), MAX_REQUEST_IDS);
    if (!ids.isEmpty()) {
      context(
          blocks,
          "Sample request ids: " + SlackText.visible(String.join(", ", ids), MAX_REQUEST_ID_TEXT));
    }
  }

  private void context(ArrayNode blocks, Notice notice) {
    context(blocks, linksAndIdentity(notice));
  }

  private static void context(ArrayNode blocks, String escaped) {
    mrkdwn(blocks.addObject().put("type", "context").putArray("elements").addObject(), escaped);
  }

  private String linksAndIdentity(Notice notice) {
    StringBuilder text = new StringBuilder(300);
    text.append(SlackText.link(links.incident(notice.first()), "Incident page", MAX_LINK));
    for (String runbook : Links.runbooks(notice.alerts(), 1)) {
      text.append(SlackText.link(runbook, "Runbook", MAX_LINK));
    }
    String environment = notice.commonLabels().getOrDefault("environment", "");
    return text.append(
            SlackText.escaped(
                (environment.isEmpty() ? "" : environment + " · ")
                    + notice.severity().wireName()
                    + " · "
                    + notice.first().rule()
                    + " · "
                    + notice.incidentId(),
                MAX_IDENTITY))
        .toString();
  }

  /** The time in the reader's own zone. */
  private static String date(long ms) {
    return "<!date^%d^{date_short_pretty} {time_secs}|%s>"
        .formatted(ms / 1000, Instant.ofEpochMilli(ms));
  }
}
