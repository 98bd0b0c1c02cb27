// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a measuring JVM tells besides JMH's figures.
 *
 * @param offered calls made, those of the warm-up included
 * @param reportedLosses how many of them the subject says were lost; null when it does not count
 * @param callerBytes bytes that the calling thread allocated for a call
 * @param closeSeconds how long closing took, or until no longer was waited for
 * @param closed whether closing was over by then
 */
record ForkReport(
    long offered,
    @Nullable Long reportedLosses,
    double callerBytes,
    double closeSeconds,
    boolean closed) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  void write(Path file) {
    try {
      JSON.writeValue(file.toFile(), this);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  static ForkReport read(Path file) {
    try {
      return JSON.readValue(file.toFile(), ForkReport.class);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }
}
