// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.http;

import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.intake.RefusedException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/** Decompression within a bound, since a few kilobytes can hold gigabytes. */
public final class Gzip {

  private static final int PIECE = 32 * 1024;

  private Gzip() {}

  /**
   * The decompressed bytes.
   *
   * @param maxBytes how many there may be
   * @param growing is told of each piece before it is kept, and may refuse it
   * @throws RefusedException when there are more, or the bytes are not gzip
   */
  public static byte[] decompress(byte[] compressed, int maxBytes, LongConsumer growing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(PIECE);
    byte[] piece = new byte[PIECE];
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed), PIECE)) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (out.size() + read > maxBytes) {
          throw tooLarge(maxBytes);
        }
        growing.accept(read);
        out.write(piece, 0, read);
      }
    } catch (IOException e) {
      throw new RefusedException(Reason.MALFORMED, "the body is not gzip");
    }
    return out.toByteArray();
  }

  static RefusedException tooLarge(int maxBytes) {
    return new RefusedException(
        Reason.TOO_LARGE, "more than " + maxBytes + " bytes, decompressed; send fewer at once");
  }
}
