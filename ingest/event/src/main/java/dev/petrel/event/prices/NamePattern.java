// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.util.Locale;

/**
 * A model's name in which {@code *} stands for any characters, {@code /} too, and {@code ?} for
 * one; case does not matter.
 */
final class NamePattern {
  private final String pattern;

  NamePattern(String pattern) {
    this.pattern = pattern.trim().toLowerCase(Locale.ROOT);
  }

  /** Whether the name, in lower case, fits; in time of at most pattern times name. */
  boolean matches(String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int starName = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        starName = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        // The last star takes one character more.
        p = star + 1;
        n = ++starName;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
