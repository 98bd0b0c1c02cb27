// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A log file of bounded size that is fed from a stream: at {@value #MAX_BYTES} bytes it is renamed
 * to {@code <name>.1}, in place of the one before, and begun anew. Remembers the last {@value
 * #TAIL_LINES} lines.
 */
final class BoundedLog {
  static final long MAX_BYTES = 4L * 1024 * 1024;
  static final int TAIL_LINES = 20;

  private final Path file;
  private final long maxBytes;
  private final Deque<String> tail = new ArrayDeque<>();
  private long bytes;

  BoundedLog(Path file) {
    this(file, MAX_BYTES);
  }

  BoundedLog(Path file, long maxBytes) {
    this.file = file;
    this.maxBytes = maxBytes;
  }

  Path file() {
    return file;
  }

  String tail() {
    synchronized (tail) {
      return String.join("\n", tail);
    }
  }

  /**
   * Reads to the end of the stream, whatever becomes of the file: a full pipe would stop the child.
   */
  void drain(InputStream stream) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        remember(line);
        append(line);
      }
    } catch (IOException e) {
      remember("(output lost: " + e + ")");
    }
  }

  private void remember(String line) {
    synchronized (tail) {
      if (tail.size() == TAIL_LINES) {
        tail.removeFirst();
      }
      tail.addLast(line);
    }
  }

  private void append(String line) {
    try {
      if (bytes == 0) {
        bytes = Files.exists(file) ? Files.size(file) : 0;
      }
      byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
      if (bytes > 0 && bytes + text.length > maxBytes) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
        bytes = 0;
      }
      // Opened for each line: there are few, and no descriptor outlives a data directory.
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        out.write(text);
      }
      bytes += text.length;
    } catch (IOException e) {
      remember("(not written to " + file + ": " + e + ")");
    }
  }
}
