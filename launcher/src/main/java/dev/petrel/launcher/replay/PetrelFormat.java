// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEventCodec;
import java.io.IOException;
import java.io.InputStream;

/** Petrel's own: one event a line, as they are in {@code llm-calls}. */
public final class PetrelFormat implements RecordingFormat {

  private final LlmCallEventCodec codec;

  /** Reads events with {@code codec}. */
  public PetrelFormat(LlmCallEventCodec codec) {
    this.codec = codec;
  }

  @Override
  public void read(InputStream in, Recording.RowConsumer rows) throws IOException {
    LineReader lines = new LineReader(in);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      try {
        rows.accept(new RecordedCall(lines.number(), codec.decode(line).toBuilder()));
      } catch (InvalidEventException e) {
        rows.reject(new RejectedRow(lines.number(), line, String.valueOf(e.getMessage())));
      }
    }
  }
}
