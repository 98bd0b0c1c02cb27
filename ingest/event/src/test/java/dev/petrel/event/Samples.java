// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/** What the tests of this module share. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final LlmCallEventCodec CODEC = new LlmCallEventCodec(InstantSource.fixed(NOW));

  /** The least that an event needs, without the closing brace. */
  static final String MINIMAL_OPEN =
      "{\"v\":1,\"event_id\":\"e-1\",\"timestamp\":1764000000000,\"outcome\":\"success\"";

  private Samples() {}

  /** An event with the least members and these ones. */
  static String minimalWith(String members) {
    return MINIMAL_OPEN + "," + members + "}";
  }

  static LlmCallEvent decode(String json) throws InvalidEventException {
    return CODEC.decode(json.getBytes(UTF_8));
  }

  /** An event of schema version 1 with every field, as a release once wrote it. */
  static byte[] golden() {
    try (InputStream in = Samples.class.getResourceAsStream("llm-call-event-v1.json")) {
      return requireNonNull(in).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Random numbers that -Dpetrel.seed=… repeats; the seed is printed. */
  static Random seeded(String test) {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    System.out.println(test + ": -Dpetrel.seed=" + seed);
    return new Random(seed);
  }
}
