// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import java.io.IOException;
import java.io.InputStream;

/** How the rows of a file are read as calls. */
public interface RecordingFormat {

  /** A file that is not of its format at all. */
  final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message);
    }
  }

  /**
   * Reads all rows.
   *
   * @throws UnusableException when the file as a whole is not of this format; says why
   */
  void read(InputStream in, Recording.RowConsumer rows) throws IOException;
}
