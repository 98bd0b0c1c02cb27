// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

/**
 * The part of a text that may be looked at: from its start to {@code end}, exclusive.
 *
 * <p>Whatever is outside reads as {@link #NOTHING}, so that looking around needs no bounds checks.
 * Characters of keys may be escaped as in URLs ({@code %2B}) and JSON ({@code \/} and by code
 * point).
 */
record Window(CharSequence text, int end) {

  /** No class of characters has it. */
  static final char NOTHING = '\0';

  private static final String MASKS = "*•●·∙▪■█＊";
  private static final char ELLIPSIS = '…';

  char at(int i) {
    return i >= 0 && i < end ? text.charAt(i) : NOTHING;
  }

  boolean has(String literal, int start) {
    for (int i = 0; i < literal.length(); i++) {
      if (at(start + i) != literal.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Where the literal ends that starts at {@code start}, its slashes escaped or not; -1 if none.
   */
  int after(String literal, int start) {
    int i = start;
    for (int n = 0; n < literal.length(); n++) {
      int length = 1;
      if (at(i) != literal.charAt(n)) {
        length = escape(i);
        if (literal.charAt(n) != '/' || length == 0 || unescaped(i, length) != '/') {
          return -1;
        }
      }
      i += length;
    }
    return i;
  }

  boolean hasIgnoringCase(String lowerCase, int start) {
    for (int i = 0; i < lowerCase.length(); i++) {
      if (lowered(at(start + i)) != lowerCase.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static char lowered(char c) {
    return CharClass.UPPER.has(c) ? (char) (c | 0x20) : c;
  }

  /** In how many characters one of {@code chars} is written at {@code i}; 0 when none is. */
  int unit(int i, CharClass chars) {
    char c = at(i);
    if (chars.has(c)) {
      return 1;
    }
    int length = c == '%' || c == '\\' ? escape(i) : 0;
    return length > 1 && chars.has(unescaped(i, length)) ? length : 0;
  }

  /** The length of the escape sequence at {@code i}, 0 when there is none. */
  int escape(int i) {
    if (at(i) == '%') {
      return hex(i + 1, 2) < 0 ? 0 : 3;
    }
    if (at(i) != '\\') {
      return 0;
    }
    return switch (at(i + 1)) {
      case 'n', 'r', 't', 'b', 'f', '/' -> 2;
      case 'x' -> hex(i + 2, 2) < 0 ? 0 : 4;
      case 'u' -> hex(i + 2, 4) < 0 ? 0 : 6;
      default -> 0;
    };
  }

  /** What the escape sequence of this length at {@code i} stands for, if that is printable. */
  char unescaped(int i, int length) {
    return switch (length) {
      case 2 -> at(i + 1) == '/' ? '/' : NOTHING;
      case 3 -> (char) hex(i + 1, 2);
      case 4 -> (char) hex(i + 2, 2);
      case 6 -> (char) hex(i + 2, 4);
      default -> NOTHING;
    };
  }

  private int hex(int start, int digits) {
    int value = 0;
    for (int i = start; i < start + digits; i++) {
      if (!CharClass.HEX.has(at(i))) {
        return -1;
      }
      value = value << 4 | Character.digit(at(i), 16);
    }
    return value;
  }

  /**
   * Whether a word can start at {@code i}: no letter or digit is before it, unless of an escape.
   */
  boolean startsWord(int i) {
    if (!CharClass.ALNUM.has(at(i - 1))) {
      return true;
    }
    for (int length = 2; length <= 6; length++) {
      if (escape(i - length) == length) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code c} is what secrets are masked with, dots left aside. */
  static boolean isMask(char c) {
    return c == '*' || (c > 127 && MASKS.indexOf(c) >= 0);
  }

  /** The length of the mask at {@code i}: three or more stars, bullets or dots, or an ellipsis. */
  int mask(int i) {
    char c = at(i);
    if (c == ELLIPSIS) {
      return 1;
    }
    if (!(isMask(c) || c == '.') || at(i + 1) != c || at(i + 2) != c) {
      return 0;
    }
    int length = 3;
    while (at(i + length) == c) {
      length++;
    }
    return length;
  }
}
