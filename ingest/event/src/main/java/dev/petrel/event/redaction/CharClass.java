// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

/**
 * A set of ASCII characters.
 *
 * <p>Immutable and thread-safe.
 */
final class CharClass {
  static final CharClass DIGIT = of("0-9");
  static final CharClass UPPER = of("A-Z");
  static final CharClass LETTER = of("A-Za-z");
  static final CharClass HEX = of("0-9A-Fa-f");
  static final CharClass ALNUM = of("A-Za-z0-9");

  /** What most keys are made of, base64url among them. */
  static final CharClass WORD = of("A-Za-z0-9_-");

  /** Segments of such words, as a JWT has them. */
  static final CharClass DOTTED = of("A-Za-z0-9_.-");

  /** Both alphabets of base64, with padding. */
  static final CharClass BASE64 = of("A-Za-z0-9_+/=-");

  static final CharClass QUOTE = of("\"'`");
  static final CharClass BLANK = of(" \t");

  private final long low;
  private final long high;

  private CharClass(long low, long high) {
    this.low = low;
    this.high = high;
  }

  /** Characters and ranges ({@code a-z}); a hyphen that is meant comes last. */
  static CharClass of(String spec) {
    long[] bits = new long[2];
    for (int i = 0; i < spec.length(); i++) {
      char from = spec.charAt(i);
      char to = from;
      if (i + 2 < spec.length() && spec.charAt(i + 1) == '-') {
        to = spec.charAt(i + 2);
        i += 2;
      }
      for (char c = from; c <= to; c++) {
        bits[c >> 6] |= 1L << c;
      }
    }
    return new CharClass(bits[0], bits[1]);
  }

  CharClass or(CharClass other) {
    return new CharClass(low | other.low, high | other.high);
  }

  boolean has(char c) {
    return c < 64 ? (low >>> c & 1) != 0 : c < 128 && (high >>> c & 1) != 0;
  }
}
