// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds named values in the text of an error, whatever wraps it: JSON, cut or escaped JSON, the
 * printed form of a Python dict or a Node object, XML, or lines of {@code name: value}.
 *
 * <p>A parser would refuse nearly all of what logs hold. This goes over the text once, from name to
 * name, and passes over the quoted values of names that it does not know: they may be content. Not
 * thread-safe.
 */
final class FieldScanner {

  private static final int MAX_VALUE = 4096;

  /**
   * A name and what separates it from its value. Quoted, perhaps with escaped quotes; or bare, as
   * Node and plain lines have it; or an XML element.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "(?<escapes>\\\\{0,8}+)(?<quote>[\"'])(?<quoted>[A-Za-z_@$][\\w.$@-]{0,39}+)"
              + "\\k<escapes>\\k<quote>\\s{0,20}+:\\s{0,20}+"
              + "|(?<![\\w.\"'-])(?<bare>[A-Za-z_]\\w{2,24}+):\\s{0,20}+"
              + "|<(?<element>[A-Za-z]{4,20}+)>");

  private static final Pattern WORD = Pattern.compile("[\\w.+-]{1,64}+");
  private static final Pattern ESCAPED_QUOTE = Pattern.compile("\\\\{1,8}+([\"'/])");
  private static final Pattern ESCAPED_LINE = Pattern.compile("\\\\{1,8}+n");

  private final String text;
  private final ErrorFields fields = new ErrorFields();

  private FieldScanner(String text) {
    this.text = text;
  }

  static ErrorFields scan(String text) {
    FieldScanner scanner = new FieldScanner(text);
    scanner.scan();
    return scanner.fields;
  }

  private void scan() {
    Matcher matcher = NAME.matcher(text);
    int from = 0;
    while (from < text.length() && matcher.find(from)) {
      from = matcher.end();
      if (matcher.group("element") != null) {
        element(matcher.group("element"), from);
      } else if (matcher.group("bare") != null) {
        bare(matcher.group("bare"), from);
      } else {
        from = quoted(matcher.group("quoted"), from);
      }
    }
  }

  /** Takes in the value of a quoted name; gives where to go on. */
  private int quoted(String name, int start) {
    boolean known = ErrorFields.isKnown(name);
    int open = afterBackslashes(start);
    if (open < text.length() && isQuote(text.charAt(open))) {
      int end = endOfString(open, open - start);
      if (!known) {
        return Math.max(end, start);
      }
      fields.put(name, unescaped(text.substring(open + 1, Math.min(end, open + 1 + MAX_VALUE))));
      // What a message quotes, a router's of the model's error, is read as well.
      return open + 1;
    }
    if (known) {
      putWord(name, start);
    }
    return start;
  }

  private void bare(String name, int start) {
    if (!ErrorFields.isKnown(name) || start >= text.length()) {
      return;
    }
    char first = text.charAt(start);
    if (isQuote(first)) {
      int end = endOfString(start, 0);
      fields.put(name, unescaped(text.substring(start + 1, Math.min(end, start + 1 + MAX_VALUE))));
    } else if (first != '{' && first != '[' && !name.equals("details") && !isProse(name)) {
      putWord(name, start);
    }
  }

  /** Names behind which plain text has sentences, not values. */
  private static boolean isProse(String name) {
    return switch (name) {
      case "message", "msg", "detail", "error", "raw", "title", "reason" -> true;
      default -> false;
    };
  }

  private void putWord(String name, int start) {
    Matcher word = WORD.matcher(text).region(start, text.length());
    if (word.lookingAt() && !isNothing(word.group())) {
      fields.put(name, word.group());
    }
  }

  private void element(String name, int start) {
    int end = text.indexOf('<', start);
    if (end > start && ErrorFields.isKnown(name)) {
      fields.put(name, text.substring(start, Math.min(end, start + MAX_VALUE)));
    }
  }

  private int afterBackslashes(int start) {
    int at = start;
    while (at < text.length() && text.charAt(at) == '\\' && at - start < 8) {
      at++;
    }
    return at;
  }

  /**
   * Where the string that opens at {@code open} ends: at the same quote, escaped as often. A string
   * that is cut off ends with the text.
   */
  private int endOfString(int open, int escapes) {
    char quote = text.charAt(open);
    int run = 0;
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        run++;
        continue;
      }
      if (c == quote && (escapes == 0 ? run % 2 == 0 : run == escapes)) {
        return i - (escapes == 0 ? 0 : run);
      }
      run = 0;
    }
    return text.length();
  }

  private static String unescaped(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    String quotes = ESCAPED_QUOTE.matcher(value).replaceAll("$1");
    return ESCAPED_LINE.matcher(quotes).replaceAll("\n");
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static boolean isNothing(@Nullable String word) {
    return "null".equals(word) || "None".equals(word) || "undefined".equals(word);
  }
}
