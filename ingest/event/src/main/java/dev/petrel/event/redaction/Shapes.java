// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import org.jspecify.annotations.Nullable;

/** Finds secrets that neither a prefix nor a name gives away, from a character inside them. */
final class Shapes {

  /** How far before the character that gives it away a secret may start. */
  static final int MAX_BEFORE = 64;

  private static final int MIN_STARS = 4;

  private static final String PEM_START = "-----BEGIN ";
  private static final String PEM_END = "-----END ";
  private static final int MAX_PEM_LABEL = 64;
  private static final CharClass PEM_BODY = CharClass.of("A-Za-z0-9+/=:,.()\\ \t\r\n-");

  private static final CharClass AZURE = CharClass.of("A-Za-z0-9_~.-");
  private static final int AZURE_BODY = 31;
  private static final int MIN_CUT_AZURE_BODY = 4;

  private Shapes() {}

  /** A masked key of which something is left, as in {@code bad-key-****test}, by its mask. */
  static @Nullable Secret maskedAt(Window window, int mask, int floor) {
    int stars = 0;
    while (stars < MIN_STARS && Window.isMask(window.at(mask + stars))) {
      stars++;
    }
    if (stars < MIN_STARS) {
      return null;
    }
    int start = mask;
    int first = Math.max(floor, mask - MAX_BEFORE);
    while (start > first && CharClass.WORD.has(window.at(start - 1))) {
      start--;
    }
    int end = afterMask(window, mask);
    boolean rest = false;
    while (CharClass.WORD.has(window.at(end)) || Window.isMask(window.at(end))) {
      rest |= CharClass.ALNUM.has(window.at(end));
      end++;
    }
    return rest || start < mask ? new Secret(start, end, "masked-key") : null;
  }

  static int afterMask(Window window, int mask) {
    int i = mask;
    while (Window.isMask(window.at(i))) {
      i++;
    }
    return i;
  }

  /** A private key in PEM form (RFC 7468) that starts at {@code i}, to its end or the text's. */
  static @Nullable Secret privateKeyAt(Window window, int i) {
    if (!window.has(PEM_START, i)) {
      return null;
    }
    int label = i + PEM_START.length();
    int end = label;
    while (end < label + MAX_PEM_LABEL && !window.has("PRIVATE KEY", end)) {
      end++;
    }
    if (end == label + MAX_PEM_LABEL) {
      return null;
    }
    while (PEM_BODY.has(window.at(end)) && !window.has(PEM_END, end)) {
      end++;
    }
    if (window.has(PEM_END, end)) {
      end += PEM_END.length();
      while (CharClass.ALNUM.has(window.at(end)) || window.at(end) == ' ') {
        end++;
      }
      while (window.at(end) == '-') {
        end++;
      }
    }
    return new Secret(i, end, "private-key");
  }

  /** A client secret of Azure AD, by its tilde: {@code ???8Q~} and 31 to 34 more (gitleaks). */
  static @Nullable Secret azureSecretAt(Window window, int tilde, int floor) {
    int start = tilde - 5;
    if (start < floor
        || window.at(tilde - 1) != 'Q'
        || !CharClass.DIGIT.has(window.at(tilde - 2))
        || !AZURE.has(window.at(start))
        || !AZURE.has(window.at(start + 1))
        || !AZURE.has(window.at(start + 2))) {
      return null;
    }
    int end = tilde + 1;
    while (end <= tilde + AZURE_BODY && AZURE.has(window.at(end))) {
      end++;
    }
    boolean cut = end == window.end() && end > tilde + MIN_CUT_AZURE_BODY;
    if (end <= tilde + AZURE_BODY && !cut) {
      return null;
    }
    while (AZURE.has(window.at(end))) {
      end++;
    }
    while (window.at(end - 1) == '.') {
      end--;
    }
    return new Secret(start, end, "azure-client-secret");
  }
}
