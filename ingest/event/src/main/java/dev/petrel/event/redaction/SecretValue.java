// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import dev.petrel.event.redaction.SecretName.Certainty;
import dev.petrel.event.redaction.SecretName.Extent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value after a secret name: whether it is a secret, and where that starts and ends.
 *
 * <p>Whether it is one is decided by a bounded number of characters; only then is its end looked
 * for.
 */
final class SecretValue {

  /** What is written in the place of a secret in errors about its absence, and the like. */
  private static final Set<String> PROSE =
      Set.of(
          ("an and are basic be bearer cannot could denied does either empty error expected expired"
                  + " failed false field for found from has header if in incorrect input invalid is"
                  + " it malformed missing must no none not null of on or please required set should"
                  + " string that the this to true undefined unknown use value was with wrong you"
                  + " your")
              .split(" "));

  private static final int LONGEST_PROSE = 9;

  /** Authentication schemes (IANA's registry, AWS and others); what follows is the secret. */
  private static final String[] SCHEMES = {
    "bearer", "basic", "token", "apikey", "api-key", "key", "negotiate", "aws4-hmac-sha256"
  };

  private static final int MAX_BLANKS = 4;
  private static final int MAX_BACKSLASHES = 8;
  private static final int MAX_ERROR_CODE = 3;

  private static final CharClass STRING_PREFIX = CharClass.of("bruf");
  private static final CharClass ENDS_WORD = CharClass.of("\"'`&;,<>| \t\r\n");
  private static final CharClass ENDS_LINE = CharClass.of("\"'`\r\n");
  private static final CharClass AFTER_PROSE =
      CharClass.of(" \t\r\n.,;:!?)]}\"'`<&\\").or(CharClass.of(String.valueOf(Window.NOTHING)));
  private static final CharClass NO_VALUE = CharClass.of(":={");
  private static final CharClass BRACKETS = CharClass.of(")]}");
  private static final CharClass ESCAPED_IN_SECRETS = CharClass.of("A-Za-z0-9_.~+/=-");

  private final Window window;
  private final SecretName name;
  private final boolean inQuery;

  private SecretValue(Window window, SecretName name, boolean inQuery) {
    this.window = window;
    this.name = name;
    this.inQuery = inQuery;
  }

  /** The secret in the text after the delimiter that {@code start} follows; null when none is. */
  static @Nullable Secret at(Window window, int start, SecretName name, boolean inQuery) {
    return new SecretValue(window, name, inQuery).after(start);
  }

  /** The secret that the whole text is as value of this name; null when it is none. */
  static @Nullable Secret whole(Window window, SecretName name) {
    SecretValue value = new SecretValue(window, name, false);
    int start = value.afterScheme(0);
    return value.isSecret(start) ? value.secret(start, window.end()) : null;
  }

  private @Nullable Secret after(int delimiterEnd) {
    int i = afterBlanks(delimiterEnd);
    boolean list = window.at(i) == '[' && !isToken(i);
    if (list) {
      i = afterBlanks(i + 1);
    }
    if (STRING_PREFIX.has(window.at(i)) && CharClass.QUOTE.has(window.at(i + 1))) {
      i++;
    }
    int quoteAt = afterBackslashes(i);
    char quote = window.at(quoteAt);
    if (CharClass.QUOTE.has(quote)) {
      return quoted(quoteAt, quoteAt - i, list);
    }
    return bare(quote == '<' || quote == '(' ? quoteAt + 1 : i);
  }

  private int afterBackslashes(int start) {
    int i = start;
    while (i < start + MAX_BACKSLASHES && window.at(i) == '\\') {
      i++;
    }
    return i;
  }

  private int afterBlanks(int start) {
    int i = start;
    while (i < start + MAX_BLANKS && CharClass.BLANK.has(window.at(i))) {
      i++;
    }
    return i;
  }

  private @Nullable Secret quoted(int openingQuote, int backslashes, boolean list) {
    char quote = window.at(openingQuote);
    int start = afterScheme(openingQuote + 1);
    if (!isSecret(start)) {
      return null;
    }
    int end = quoteEnd(start, quote, backslashes);
    while (list && window.at(end + backslashes + 1) == ',') {
      int next = afterBackslashes(afterBlanks(end + backslashes + 2));
      if (window.at(next) != quote) {
        break;
      }
      end = quoteEnd(next + 1, quote, backslashes);
    }
    return end == start ? null : secret(start, end);
  }

  /** Where the closing quote's backslashes start, or the line ends. */
  private int quoteEnd(int start, char quote, int backslashes) {
    int run = 0;
    int i = start;
    while (i < window.end() && window.at(i) != '\n') {
      char c = window.at(i);
      if (c == quote && (run <= backslashes || (backslashes == 0 && run % 2 == 0))) {
        return i - Math.min(run, backslashes);
      }
      run = c == '\\' ? run + 1 : 0;
      i++;
    }
    return i;
  }

  private @Nullable Secret bare(int valueStart) {
    int start = afterScheme(valueStart);
    if (!isSecret(start)) {
      return null;
    }
    Secret key = keyAt(start);
    if (key != null) {
      return key;
    }
    Extent extent = inQuery ? Extent.WORD : name.extent();
    int end = bareEnd(start, extent == Extent.LINE ? ENDS_LINE : ENDS_WORD);
    if (extent == Extent.CREDENTIALS && start == valueStart && isUnknownScheme(start, end)) {
      end = bareEnd(afterBlanks(end), ENDS_WORD);
    }
    while (end > start && ".!?".indexOf(window.at(end - 1)) >= 0) {
      end--;
    }
    return end == start ? null : new Secret(start, end, name.kind());
  }

  private int bareEnd(int start, CharClass ends) {
    int i = start;
    while (i < window.end()) {
      char c = window.at(i);
      boolean closes = BRACKETS.has(c) && !CharClass.ALNUM.has(window.at(i + 1));
      if (ends.has(c) || closes || c < ' ') {
        break;
      }
      int unit = c == '\\' ? window.unit(i, ESCAPED_IN_SECRETS) : 1;
      if (unit == 0) {
        break;
      }
      i += unit;
    }
    return i;
  }

  /** Whether the first word of credentials is letters alone, so that the secret is yet to come. */
  private boolean isUnknownScheme(int start, int end) {
    for (int i = start; i < end; i++) {
      if (!CharClass.LETTER.has(window.at(i)) && window.at(i) != '-') {
        return false;
      }
    }
    return window.at(end) == ' ';
  }

  private int afterScheme(int start) {
    if (name.extent() == Extent.CREDENTIALS) {
      for (String scheme : SCHEMES) {
        int end = start + scheme.length();
        if (window.hasIgnoringCase(scheme, start) && window.at(end) == ' ') {
          return afterBlanks(end);
        }
      }
    }
    return start;
  }

  private boolean isSecret(int start) {
    if (isToken(start) || isProse(start) || isErrorCode(start) || start >= window.end()) {
      return false;
    }
    boolean certain = name.certainty() == Certainty.SURE || inQuery;
    return certain ? !NO_VALUE.has(window.at(start)) && !isLink(start) : Opaque.at(window, start);
  }

  private Secret secret(int start, int end) {
    Secret key = keyAt(start);
    return new Secret(start, end, key == null ? name.kind() : key.kind());
  }

  private @Nullable Secret keyAt(int start) {
    Secret key = KeyFormats.keyAt(window, start);
    if (key == null) {
      return Shapes.privateKeyAt(window, start);
    }
    return key.start() == start ? key : null;
  }

  private boolean isToken(int i) {
    return window.has(Secret.TOKEN_START, i);
  }

  private boolean isLink(int i) {
    return window.has("https://", i) || window.has("http://", i);
  }

  private boolean isProse(int start) {
    int length = 0;
    while (length <= LONGEST_PROSE && CharClass.LETTER.has(window.at(start + length))) {
      length++;
    }
    if (length > LONGEST_PROSE || !AFTER_PROSE.has(window.at(start + length))) {
      return false;
    }
    StringBuilder word = new StringBuilder(length);
    for (int i = start; i < start + length; i++) {
      word.append(Window.lowered(window.at(i)));
    }
    return PROSE.contains(word.toString());
  }

  private boolean isErrorCode(int start) {
    int length = 0;
    while (length <= MAX_ERROR_CODE && CharClass.DIGIT.has(window.at(start + length))) {
      length++;
    }
    char next = window.at(start + length);
    return length > 0 && length <= MAX_ERROR_CODE && !CharClass.WORD.has(next) && next != '.';
  }
}
