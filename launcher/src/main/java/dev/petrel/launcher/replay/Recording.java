// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A file of recorded calls, plain or gzip-compressed (told by its first bytes, whatever its name).
 *
 * @param path the file
 * @param format how it is read
 */
public record Recording(Path path, RecordingFormat format) {

  private static final int GZIP_MAGIC = 0x1f8b;

  /** What takes the rows of a recording, in order. */
  public interface RowConsumer {

    /** Takes a row that is a call. */
    void accept(RecordedCall call) throws IOException;

    /** Takes a row that is none. */
    void reject(RejectedRow row) throws IOException;
  }

  /**
   * Reads all rows.
   *
   * @throws IOException when the file cannot be read; names it
   */
  public void read(RowConsumer rows) throws IOException {
    try (InputStream in = open()) {
      format.read(in, rows);
    } catch (NoSuchFileException e) {
      throw new IOException(path + " does not exist", e);
    } catch (RecordingFormat.UnusableException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private InputStream open() throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    in.mark(2);
    int magic = in.read() << 8 | in.read();
    in.reset();
    // Formats read byte by byte: without a buffer behind it, each byte would be an inflation.
    return magic == GZIP_MAGIC
        ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16)
        : in;
  }
}
