// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

/** Escapes and shortens text for Slack. */
final class SlackText {

  private SlackText() {}

  /**
   * Escapes the three characters that Slack gives a meaning, so that no name or message can mention
   * or link. The result has at most {@code max} chars, and is never cut within an entity or a
   * surrogate pair.
   *
   * @see <a href="https://docs.slack.dev/messaging/formatting-message-text#escaping">Slack</a>
   */
  static String escaped(String text, int max) {
    return PlainText.shortened(
        text,
        max,
        point ->
            switch (point) {
              case '&' -> "&amp;";
              case '<' -> "&lt;";
              case '>' -> "&gt;";
              default -> null;
            });
  }

  /** The text, or a dash when nothing of it is visible: Slack refuses empty text. */
  static String visible(String text, int max) {
    String escaped = escaped(text, max);
    return escaped.isBlank() ? "–" : escaped;
  }

  /**
   * A link with a name of our own, and a space behind it.
   *
   * @return empty when the URL cannot be a link or has more than {@code max} chars as written: half
   *     a URL helps nobody
   */
  static String link(String url, String name, int max) {
    String written = url.replace("&", "&amp;");
    return Links.isLink(url) && written.length() <= max ? "<" + written + "|" + name + "> " : "";
  }
}
