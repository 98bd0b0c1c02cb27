// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import java.util.List;
import java.util.Map;

/**
 * The two forms of a mail's text.
 *
 * @param plain plain text
 * @param html a whole HTML document
 */
record EmailText(String plain, String html) {

  private static final int MAX_BODY = 4_000;
  private static final int MAX_TITLE = 300;
  private static final int MAX_NAME = 150;
  private static final int MAX_FACT = 1_000;
  private static final int MAX_FACTS = 20;
  private static final int MAX_LISTED = 50;
  private static final int MAX_RUNBOOKS = 5;
  private static final int MAX_REQUEST_IDS = 10;

  /** Writes both forms side by side, so that they say the same. */
  private static final class Writer {

    private final StringBuilder plain = new StringBuilder(1_000);
    private final StringBuilder html = new StringBuilder(2_000);

    void heading(String text) {
      plain.append(PlainText.shortened(text, MAX_TITLE)).append("\r\n\r\n");
      html.append("<h2>").append(escaped(text, MAX_TITLE)).append("</h2>\r\n");
    }

    void paragraph(String text) {
      plain.append(PlainText.shortened(text, MAX_BODY)).append("\r\n\r\n");
      html.append("<p>").append(escaped(text, MAX_BODY)).append("</p>\r\n");
    }

    void fact(String name, String text) {
      plain
          .append(PlainText.shortened(name, MAX_NAME))
          .append(": ")
          .append(PlainText.shortened(text, MAX_FACT))
          .append("\r\n");
      html.append("<b>")
          .append(escaped(name, MAX_NAME))
          .append(":</b> ")
          .append(escaped(text, MAX_FACT))
          .append("<br>\r\n");
    }

    /** A link under a name of our own; nothing when the URL cannot be one. */
    void link(String name, String url) {
      if (Links.isLink(url)) {
        plain.append(name).append(": ").append(url).append("\r\n");
        html.append("<a href=\"")
            .append(escaped(url, Integer.MAX_VALUE))
            .append("\">")
            .append(name)
            .append("</a><br>\r\n");
      }
    }

    void gap() {
      plain.append("\r\n");
      html.append("<br>\r\n");
    }

    EmailText text() {
      return new EmailText(
          plain.toString(),
          "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"></head><body>\r\n"
              + html
              + "</body></html>\r\n");
    }

    private static String escaped(String text, int max) {
      return PlainText.shortened(
          text,
          max,
          point ->
              switch (point) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&quot;";
                case '\'' -> "&#39;";
                default -> null;
              });
    }
  }

  /** The texts about a notice. */
  static EmailText of(Notice notice, Links links) {
    Writer writer = new Writer();
    boolean over = notice.action() == Action.RESOLVE;
    writer.heading(AlertText.heading(notice));
    writer.paragraph(AlertText.body(notice));
    writer.fact(over ? "Began" : "Since", Details.time(notice.startsAt()));
    if (over) {
      writer.fact("Ended", Details.time(AlertText.endedAt(notice)));
    }
    if (notice.isSingle()) {
      notice.first().facts().entrySet().stream()
          .limit(MAX_FACTS)
          .forEach((Map.Entry<String, String> fact) -> writer.fact(fact.getKey(), fact.getValue()));
    } else {
      list(writer, notice.alerts());
    }
    List<String> ids = AlertText.requestIds(notice.alerts(), MAX_REQUEST_IDS);
    if (!ids.isEmpty()) {
      writer.fact("Sample request ids", String.join(", ", ids));
    }
    writer.gap();
    writer.link("Incident page", links.incident(notice.first()));
    Links.runbooks(notice.alerts(), MAX_RUNBOOKS).forEach(url -> writer.link("Runbook", url));
    writer.gap();
    writer.fact("Severity", notice.severity().wireName());
    writer.fact("Rule", notice.first().rule());
    writer.fact("Incident", notice.incidentId());
    writer.fact("Told because", notice.reason());
    return writer.text();
  }

  private static void list(Writer writer, List<Alert> alerts) {
    for (Alert alert : alerts.subList(0, Math.min(MAX_LISTED, alerts.size()))) {
      writer.fact(AlertText.icon(alert) + " " + AlertText.title(alert), alert.summary());
    }
    if (alerts.size() > MAX_LISTED) {
      writer.fact("Not listed", String.valueOf(alerts.size() - MAX_LISTED));
    }
  }
}
