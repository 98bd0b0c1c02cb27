// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Numbers in as few bytes as they need: seven bits a byte, the lowest first (LEB128). */
final class Varints {

  /** The most bytes that one number takes. */
  static final int MAX_BYTES = 10;

  private Varints() {}

  static void put(ByteBuffer out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  static long get(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("number of more than " + MAX_BYTES + " bytes");
  }

  /** Writes a text's UTF-8 bytes behind their number. */
  static void putText(ByteBuffer out, byte[] utf8) {
    put(out, utf8.length);
    out.put(utf8);
  }

  static String getText(ByteBuffer in) {
    int length = Math.toIntExact(get(in));
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("text of " + length + " bytes in fewer");
    }
    byte[] utf8 = new byte[length];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Small negative numbers become small positive ones. */
  static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
