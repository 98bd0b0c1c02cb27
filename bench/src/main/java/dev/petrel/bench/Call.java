// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

/**
 * What a baseline needs of a call event. Mutable, with public fields: a bare loop uses one for all
 * records, and Flink serialises it field by field.
 */
public final class Call {
  /** When the attempt started, in ms since the epoch. */
  public long timestamp;

  /** Who made it. */
  public String tenant = "";

  /** The model asked for. */
  public String model = "";

  /** Whether its outcome is an error. */
  public boolean failed;

  /** Its input tokens, 0 when unknown. */
  public long inputTokens;

  /** Its output tokens, 0 when unknown. */
  public long outputTokens;

  /** Its cost in 1e-9 USD, 0 when unknown. */
  public long costNanoUsd;

  /** How long it took, negative when unknown. */
  public double durationMs;

  /** A call of which nothing is known. */
  public Call() {}

  void clear() {
    timestamp = 0;
    tenant = "";
    model = "";
    failed = false;
    inputTokens = 0;
    outputTokens = 0;
    costNanoUsd = 0;
    durationMs = -1;
  }
}
