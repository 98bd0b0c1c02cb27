// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an event needs out of a request's body as it passes by, and a checksum by which the
 * same request is known when it comes again. Keeps nothing of the content. Not thread-safe.
 */
final class RequestReader {

  private static final List<String> WANTED =
      List.of(
          "model",
          "stream",
          "max_tokens",
          "max_completion_tokens",
          "max_output_tokens",
          "max_tokens_to_sample",
          "generationConfig.maxOutputTokens",
          "inferenceConfig.maxTokens",
          "options.num_predict");

  private static final JsonPaths PATHS = new JsonPaths(WANTED);
  private static final int MODEL = 0;
  private static final int STREAM = 1;

  private final JsonScanner scanner = new JsonScanner(PATHS, this::take);
  private final CRC32C checksum = new CRC32C();
  private long length;
  private @Nullable String model;
  private @Nullable Boolean stream;
  private @Nullable Long maxOutputTokens;

  void feed(byte[] bytes, int from, int count) {
    checksum.update(bytes, from, count);
    length += count;
    scanner.feed(bytes, from, count);
  }

  /** The body is sent from its start again. */
  void restart() {
    checksum.reset();
    length = 0;
    scanner.reset();
  }

  private void take(int path, String value) {
    switch (path) {
      case MODEL -> model = value.equals("null") ? null : value;
      case STREAM -> {
        boolean isTrue = value.equals("true");
        stream = (isTrue || value.equals("false")) ? Boolean.valueOf(isTrue) : null;
      }
      default -> {
        if (value.matches("\\d{1,9}")) {
          maxOutputTokens = Long.valueOf(value);
        }
      }
    }
  }

  /** Checksum and length as one number; 0 when nothing was sent. */
  long digest() {
    return length == 0 ? 0 : (checksum.getValue() << 32) | (length & 0xffffffffL);
  }

  @Nullable String model() {
    return model;
  }

  @Nullable Boolean stream() {
    return stream;
  }

  @Nullable Long maxOutputTokens() {
    return maxOutputTokens;
  }
}
