// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;

/** Counts lines: of text that ends with a line feed, how many there are. */
final class Lines {

  private static final int BUFFER_BYTES = 1 << 16;

  private Lines() {}

  static long count(Path file) {
    LongAdder lines = new LongAdder();
    try (InputStream in = Files.newInputStream(file)) {
      count(in, lines);
      return lines.sum();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }

  /** Reads to the end, and adds the lines as they come. */
  static void count(InputStream in, LongAdder lines) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      for (int i = 0; i < read; i++) {
        if (buffer[i] == '\n') {
          lines.increment();
        }
      }
    }
  }
}
