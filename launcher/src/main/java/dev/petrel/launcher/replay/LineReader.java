// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of bytes, without decoding them; ends of line are LF or CR LF. Not thread-safe. */
final class LineReader {

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
  private long number;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line that is not blank, null at the end. */
  byte @Nullable [] next() throws IOException {
    while (true) {
      line.reset();
      int b = in.read();
      if (b < 0) {
        return null;
      }
      number++;
      while (b >= 0 && b != '\n') {
        line.write(b);
        b = in.read();
      }
      byte[] bytes = line.toByteArray();
      if (!new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).isBlank()) {
        return bytes;
      }
    }
  }

  /** The number of the line that next() gave last, from 1. */
  long number() {
    return number;
  }
}
