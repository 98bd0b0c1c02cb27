// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

/** Escapes and shortens text for Slack. */
final class SlackText {

  private SlackText() {}

  /**
   * Escapes the three characters that Slack gives a meaning, so that no name or message can
   * mention, link or format; control characters become spaces. The result has at most {@code max}
   * chars, and is never cut within an entity or a surrogate pair.
   *
   * @see <a href="https://docs.slack.dev/messaging/formatting-message-text#escaping">Slack</a>
   */
  static String escaped(String text, int max) {
    StringBuilder escaped = new StringBuilder(Math.min(max, text.length() + 16));
    int safe = 0; // where to cut so that the ellipsis still fits
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      switch (point) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        default -> escaped.appendCodePoint(Character.isISOControl(point) ? ' ' : point);
      }
      if (escaped.length() > max) {
        escaped.setLength(safe);
        return escaped.append('…').toString();
      }
      if (escaped.length() < max) {
        safe = escaped.length();
      }
    }
    return escaped.toString();
  }
}
