// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service.match;

import static java.util.Objects.requireNonNull;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One condition on one label, written as in Alertmanager: {@code severity="critical"}.
 *
 * <p>A label that is missing counts as empty: {@code tenant=""} holds where there is no tenant, and
 * so does {@code tenant!="acme"}. A regular expression must match the whole value; it is RE2, so
 * that matching takes linear time whatever it is matched with. Immutable and thread-safe.
 */
public final class Matcher {

  /** How a label is compared. */
  public enum Operator {
    /** The same. */
    EQUAL("="),
    /** Not the same. */
    NOT_EQUAL("!="),
    /** The expression matches the whole value. */
    MATCHES("=~"),
    /** The expression does not match the whole value. */
    MATCHES_NOT("!~");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }
  }

  /** Longer values are refused. */
  static final int MAX_VALUE = 2_000;

  /** Larger compiled expressions, such as nested repetitions, are refused. */
  static final int MAX_PROGRAM = 20_000;

  private static final Pattern SYNTAX =
      Pattern.compile("(?s)\\s*([a-zA-Z_][a-zA-Z0-9_.]*)\\s*(=~|!~|!=|=)\\s*(.*?)\\s*");

  private final String label;
  private final Operator operator;
  private final String value;
  private final @Nullable Pattern pattern;

  /**
   * @throws IllegalArgumentException when the value is too long or no regular expression; says why
   */
  public Matcher(String label, Operator operator, String value) {
    this.label = requireNonNull(label, "label");
    this.operator = requireNonNull(operator, "operator");
    this.value = requireNonNull(value, "value");
    if (value.length() > MAX_VALUE) {
      throw new IllegalArgumentException(
          "the value has %d characters, at most %d are allowed"
              .formatted(value.length(), MAX_VALUE));
    }
    boolean regex = operator == Operator.MATCHES || operator == Operator.MATCHES_NOT;
    pattern = regex ? compiled(value) : null;
  }

  private static Pattern compiled(String expression) {
    try {
      Pattern pattern = Pattern.compile(expression, Pattern.DOTALL);
      if (pattern.programSize() > MAX_PROGRAM) {
        throw new IllegalArgumentException("the regular expression is too large");
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is no RE2 regular expression: %s".formatted(expression, e.getDescription()), e);
    }
  }

  /**
   * Reads a matcher such as {@code tenant="acme"}, {@code model=~"gpt-.*"}, {@code severity!=info}.
   * The value may stand in double quotes, in which {@code \"}, {@code \\} and {@code \n} are
   * escapes; without quotes it must not contain any of <code>"{},</code> or white space.
   *
   * @throws IllegalArgumentException when it is none; says why
   */
  public static Matcher parse(String text) {
    com.google.re2j.Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no matcher; write label=\"value\", or !=, =~, !~ in place of =".formatted(text));
    }
    String sign = parts.group(2);
    for (Operator operator : Operator.values()) {
      if (operator.sign.equals(sign)) {
        return new Matcher(parts.group(1), operator, unquoted(parts.group(3), text));
      }
    }
    throw new IllegalStateException("the syntax allows no other sign: " + sign);
  }

  private static String unquoted(String value, String text) {
    if (!value.startsWith("\"")) {
      if (value.chars().anyMatch(c -> "\"{},".indexOf(c) >= 0 || Character.isWhitespace(c))) {
        throw new IllegalArgumentException(
            "'%s': a value with quotes, braces, commas or spaces must stand in double quotes"
                .formatted(text));
      }
      return value;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' && i == value.length() - 1) {
        return plain.toString();
      }
      if (c == '"') {
        break;
      }
      if (c == '\\' && i + 1 < value.length()) {
        char escaped = value.charAt(++i);
        if ("\"\\n".indexOf(escaped) < 0) {
          plain.append('\\'); // as in \d: the backslash is the expression's
        }
        plain.append(escaped == 'n' ? '\n' : escaped);
      } else {
        plain.append(c);
      }
    }
    throw new IllegalArgumentException(
        "'%s': the double quotes are not closed at the end".formatted(text));
  }

  /** Whether all of these hold; true when there are none. */
  public static boolean all(List<Matcher> matchers, Map<String, String> labels) {
    for (Matcher matcher : matchers) {
      if (!matcher.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it holds for these labels. */
  public boolean matches(Map<String, String> labels) {
    String actual = labels.getOrDefault(label, "");
    return switch (operator) {
      case EQUAL -> actual.equals(value);
      case NOT_EQUAL -> !actual.equals(value);
      case MATCHES -> requireNonNull(pattern).matches(actual);
      case MATCHES_NOT -> !requireNonNull(pattern).matches(actual);
    };
  }

  /** The label that it looks at. */
  public String label() {
    return label;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Matcher that
        && label.equals(that.label)
        && operator == that.operator
        && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return label + operator.sign + '"' + quoted + '"';
  }
}
