// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import org.jspecify.annotations.Nullable;

/**
 * Finds secrets by the name before them, from the delimiter between the two: {@code x-api-key: …},
 * {@code "api_key":"…"}, {@code ('cookie', '…')}, {@code ?key=…}, {@code <secret>…}, escaped or
 * not.
 */
final class NamedSecrets {

  /** Quotes, backslashes and a bracket that may stand between a name and its delimiter. */
  private static final int MAX_BETWEEN = 8;

  /** How far back a name's first letter is looked for, to see whether it is a query's. */
  private static final int MAX_NAME = 48;

  private static final CharClass NAME = CharClass.of("A-Za-z0-9_.-");
  private static final CharClass QUERY_MARKS = CharClass.of("?&#");

  private NamedSecrets() {}

  /**
   * The secret after the delimiter at {@code delimiter}, of that length; null when the name before
   * it is none of secrets, or what follows is none.
   */
  static @Nullable Secret at(Window window, int delimiter, int length) {
    int nameEnd = nameEnd(window, delimiter);
    SecretNames.Found found = SecretNames.before(window, nameEnd);
    if (found == null) {
      return null;
    }
    int start = found.start();
    while (start > found.start() - MAX_NAME && NAME.has(window.at(start - 1))) {
      start--;
    }
    SecretName name = found.name();
    char mark = window.at(delimiter);
    if ((mark == ',' && !isHeaderOfPair(window, start, nameEnd))
        || (mark == '>' && !isTag(window, start))) {
      return null;
    }
    return SecretValue.at(window, delimiter + length, name, isInQuery(window, start));
  }

  /** The secret that {@code value} is, by the name that it has elsewhere; null when it is none. */
  static @Nullable Secret valueOf(String name, Window value) {
    SecretNames.Found found = SecretNames.before(new Window(name, name.length()), name.length());
    return found == null ? null : SecretValue.whole(value, found.name());
  }

  private static int nameEnd(Window window, int delimiter) {
    int i = delimiter;
    while (i > delimiter - MAX_BETWEEN) {
      char c = window.at(i - 1);
      boolean closesIndex = c == ']' && CharClass.QUOTE.has(window.at(i - 2));
      if (c != '\\' && c != ')' && !closesIndex && !isQuoteOrBlank(c)) {
        break;
      }
      i--;
    }
    // As in key1, API_KEY_2.
    if (CharClass.DIGIT.has(window.at(i - 1))) {
      i -= window.at(i - 2) == '_' ? 2 : 1;
    }
    return i;
  }

  private static boolean isQuoteOrBlank(char c) {
    return CharClass.QUOTE.has(c) || CharClass.BLANK.has(c);
  }

  /**
   * As in Python's {@code ('x-name', 'value')} and {@code (b'x-name', b'value')}, and in JSON. Only
   * of headers, as other names stand in lists: {@code ('body', 'api_key')}.
   */
  private static boolean isHeaderOfPair(Window window, int nameStart, int nameEnd) {
    int i = nameStart - 1;
    if (!CharClass.QUOTE.has(window.at(i))) {
      return false;
    }
    i -= window.at(i - 1) == 'b' ? 2 : 1;
    boolean header = window.at(i) == '(' || window.at(i) == '[';
    for (int n = nameStart; n < nameEnd; n++) {
      header &= window.at(n) != '_';
    }
    return header;
  }

  private static boolean isTag(Window window, int nameStart) {
    return window.at(nameStart - 1) == '<';
  }

  private static boolean isInQuery(Window window, int nameStart) {
    char before = window.at(nameStart - 1);
    return QUERY_MARKS.has(before)
        || (before == ';' && window.has("&amp", nameStart - 5))
        || (before == '\\' && window.has("u0026", nameStart))
        || (before == '%'
            && (window.has("26", nameStart) || window.hasIgnoringCase("3f", nameStart)));
  }
}
