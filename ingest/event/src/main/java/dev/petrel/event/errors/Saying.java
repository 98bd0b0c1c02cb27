// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import java.util.regex.Pattern;

/**
 * Words by which an error is known: a regular expression, and a literal that each match of it
 * contains. Most rules do not match most errors, and looking for the literal first says so at a
 * seventh of the cost.
 */
final class Saying {

  private final Pattern pattern;
  private final String literal;

  /** {@code .} matches ends of lines too. */
  Saying(String regex) {
    pattern = Pattern.compile(regex, Pattern.DOTALL);
    literal = literalOf(regex);
  }

  boolean isIn(String words) {
    return words.contains(literal) && pattern.matcher(words).find();
  }

  /**
   * The longest run of characters that stand for themselves, outside of groups and classes, and
   * that no quantifier makes optional. Empty when there is none, or an alternative at the top.
   */
  static String literalOf(String regex) {
    String longest = "";
    StringBuilder run = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      boolean isLiteral = depth == 0 && "\\[]().*+?{}|^$".indexOf(c) < 0;
      if (isLiteral) {
        run.append(c);
        continue;
      }
      if (depth == 0 && (c == '?' || c == '*' || c == '{') && !run.isEmpty()) {
        run.setLength(run.length() - 1); // It may be absent.
      }
      if (run.length() > longest.length()) {
        longest = run.toString();
      }
      run.setLength(0);
      switch (c) {
        case '\\' -> i++;
        case '(' -> depth++;
        case ')' -> depth--;
        case '[' -> i = endOfClass(regex, i);
        case '{' -> i = depth == 0 ? regex.indexOf('}', i) : i;
        case '|' -> {
          if (depth == 0) {
            return "";
          }
        }
        default -> {}
      }
    }
    return run.length() > longest.length() ? run.toString() : longest;
  }

  private static int endOfClass(String regex, int start) {
    int i = start + 1;
    while (i < regex.length() && regex.charAt(i) != ']') {
      i += regex.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
