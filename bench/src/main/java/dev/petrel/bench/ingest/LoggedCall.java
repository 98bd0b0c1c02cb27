// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** An LLM call as an application logs it: the same 14 values for every subject. */
record LoggedCall(
    String callId,
    String requestId,
    String tenant,
    String provider,
    String requestModel,
    String responseModel,
    String operation,
    String outcome,
    boolean stream,
    int attempt,
    int inputTokens,
    int outputTokens,
    double durationMs,
    double timeToFirstChunkMs) {

  /** What every statement says besides. */
  static final String MESSAGE = "chat done";

  /** So many calls of one seed, which differ in their ids and numbers. */
  static List<LoggedCall> generate(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<LoggedCall> calls = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      calls.add(
          new LoggedCall(
              new UUID(random.nextLong(), random.nextLong()).toString(),
              "req_" + Long.toHexString(random.nextLong()),
              "tenant-" + random.nextInt(200),
              "openai",
              "gpt-4o",
              "gpt-4o-2024-08-06",
              "chat",
              "success",
              true,
              0,
              random.nextInt(100, 4_000),
              random.nextInt(20, 1_000),
              random.nextInt(300_000, 8_000_000) / 1e3,
              random.nextInt(100_000, 300_000) / 1e3));
    }
    return calls;
  }
}
