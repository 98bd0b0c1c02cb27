// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

/** How fast calls are made; the benchmark method of {@link CallCost} has the same name. */
enum Regime {
  /** At a rate that every subject can take. */
  PACED("paced"),
  /** As fast as they go. */
  FLOOD("flood");

  private final String method;

  Regime(String method) {
    this.method = method;
  }

  String method() {
    return method;
  }
}
