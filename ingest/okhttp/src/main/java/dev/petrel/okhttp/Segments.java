// SPDX-License-Identifier: Apache-2.0
package dev.petrel.okhttp;

import okio.Buffer;

/** Shows the bytes of a buffer where they are, without copying them. */
final class Segments {

  /** Is shown a piece of the bytes, and must not change or keep it. */
  @FunctionalInterface
  interface Viewer {
    void view(byte[] bytes, int from, int length);
  }

  private Segments() {}

  static void forEach(Buffer buffer, long from, long count, Viewer viewer) {
    if (count <= 0) {
      return;
    }
    try (Buffer.UnsafeCursor cursor = buffer.readUnsafe()) {
      long left = count;
      int length = cursor.seek(from);
      while (length > 0 && left > 0) {
        int viewed = (int) Math.min(length, left);
        viewer.view(cursor.data, cursor.start, viewed);
        left -= viewed;
        length = left > 0 ? cursor.next() : 0;
      }
    }
  }
}
