// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A token that a word before it gives away, as in {@code Bearer …} or {@code API key …}.
 *
 * <p>As people write prose after these words too, the token must not look like a word: it has at
 * least {@code min} characters and a digit, or else mixed case, where {@code mixedCase} allows it.
 *
 * @param word in lower case; any case matches
 */
record AnnouncedToken(String kind, String word, CharClass chars, int min, boolean mixedCase)
    implements WordFormat {

  private static final int MAX_BLANKS = 4;
  private static final CharClass BLANK_OR_BREAK = CharClass.of(" \t\r\n");

  @Override
  public List<String> starts() {
    String lower = word.substring(0, 2);
    String upper = lower.toUpperCase(Locale.ROOT);
    return List.of(
        lower, upper, upper.charAt(0) + lower.substring(1), lower.charAt(0) + upper.substring(1));
  }

  @Override
  public @Nullable Secret at(Window window, int i) {
    if (!window.hasIgnoringCase(word, i)) {
      return null;
    }
    int start = afterBlanks(window, i + word.length());
    if (start < 0 || !looksOpaque(window, start) || KeyFormats.keyAt(window, start) != null) {
      return null;
    }
    int end = start;
    while (chars.or(CharClass.BASE64).has(window.at(end))) {
      end++;
    }
    while (window.at(end - 1) == '.') {
      end--;
    }
    return new Secret(start, end, kind);
  }

  private static int afterBlanks(Window window, int start) {
    int i = start;
    while (i < start + MAX_BLANKS && BLANK_OR_BREAK.has(window.at(i))) {
      i++;
    }
    if (i == start) {
      i = window.has("%20", start) ? start + 3 : -1;
    }
    return i > 0 && CharClass.QUOTE.has(window.at(i)) ? i + 1 : i;
  }

  private boolean looksOpaque(Window window, int start) {
    int digits = 0;
    int lower = 0;
    int upperInside = 0;
    for (int length = 0; length < Opaque.SAMPLE; length++) {
      char c = window.at(start + length);
      if (!chars.has(c)) {
        return false;
      }
      digits += CharClass.DIGIT.has(c) ? 1 : 0;
      upperInside += length > 0 && CharClass.UPPER.has(c) ? 1 : 0;
      lower += c >= 'a' && c <= 'z' ? 1 : 0;
      boolean opaque = digits > 0 && lower + upperInside > 0;
      if (length + 1 >= min && (opaque || (mixedCase && upperInside > 0 && lower > 0))) {
        return true;
      }
    }
    return false;
  }
}
