// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

/** Where a subject's calls end up. */
enum Sink {
  /** A topic of its own on a real broker. */
  KAFKA,
  /** A socket on this machine. */
  TCP,
  /** A file. */
  FILE,
  /** None. */
  NOTHING;

  /** Whether it can be away. */
  boolean isRemote() {
    return this == KAFKA || this == TCP;
  }
}
