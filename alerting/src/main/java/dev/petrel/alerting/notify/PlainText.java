// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes names and messages of strangers safe to show: on one line, in their own direction, valid
 * UTF-16. The receiver's own markup is escaped on the way.
 */
final class PlainText {

  private PlainText() {}

  /** The text without what could break or fake the text around it. */
  static String clean(String text) {
    return shortened(text, Integer.MAX_VALUE);
  }

  /** The same, with at most {@code max} chars. */
  static String shortened(String text, int max) {
    return shortened(text, max, point -> null);
  }

  /**
   * The same, escaped.
   *
   * @param max chars after escaping, the ellipsis included
   * @param escape how a code point is written, null for as it is; what it gives is never cut apart
   */
  static String shortened(String text, int max, IntFunction<@Nullable String> escape) {
    StringBuilder written = new StringBuilder(Math.min(max, text.length() + 16));
    int safe = 0; // where to cut so that the ellipsis still fits
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (isBidiControl(point)) {
        continue;
      }
      int shown = shown(point);
      String escaped = escape.apply(shown);
      if (escaped == null) {
        written.appendCodePoint(shown);
      } else {
        written.append(escaped);
      }
      if (written.length() > max) {
        written.setLength(safe);
        return written.append('…').toString();
      }
      if (written.length() < max) {
        safe = written.length();
      }
    }
    return written.toString();
  }

  private static int shown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> ' ';
      // A lone half of a pair: no UTF-8 has it, and JSON writers refuse it.
      case Character.SURROGATE -> 0xFFFD;
      default -> point;
    };
  }

  /** Marks, embeddings, overrides and isolates: they reorder the text that follows. */
  private static boolean isBidiControl(int point) {
    return point == 0x061C
        || (point >= 0x200E && point <= 0x200F)
        || (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069);
  }
}
