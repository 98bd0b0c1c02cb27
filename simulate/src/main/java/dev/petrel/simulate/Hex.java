// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.util.HexFormat;

/** Names made of hexadecimal digits, as fingerprints and keyed hashes have them. */
final class Hex {

  private static final HexFormat DIGITS = HexFormat.of();

  private Hex() {}

  /** Sixteen digits. */
  static String of(long value) {
    return DIGITS.toHexDigits(value);
  }

  /** Eight digits that the text alone decides. */
  static String fingerprint(String text) {
    return DIGITS.toHexDigits(mix(text.hashCode()), 8);
  }

  /** A value that looks random: the finalizer of SplitMix64. */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
