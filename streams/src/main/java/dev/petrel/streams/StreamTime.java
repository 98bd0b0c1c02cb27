// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.util.HashMap;
import java.util.Map;

/**
 * How far the stream of calls has come, in event time: what decides that a window is over. Never
 * goes back. Not thread-safe.
 */
final class StreamTime {
  /*
   * Partitions are read at different speeds, most of all while catching up. The slowest one counts,
   * so that a window is not called final while a part of it is still to come. One that has brought
   * nothing for a while holds nobody up; when all have, the fastest one counts, and after two minutes
   * the wall clock, or the last windows of a stream would never close. The wall clock is the limit in
   * any case: one application whose clock is ahead must not close the windows of all others.
   */

  private static final long STALLED_MS = 10_000;
  private static final long IDLE_MS = 120_000;

  private final Map<Integer, Partition> partitions = new HashMap<>();
  private long time = Long.MIN_VALUE;
  private long lastInputAt;

  private static final class Partition {
    private long time = Long.MIN_VALUE;
    private long lastInputAt;
  }

  /**
   * @param now wall-clock time from which on silence counts
   */
  StreamTime(long now) {
    lastInputAt = now;
  }

  /**
   * Notes that a partition has come to a window.
   *
   * @param windowStart the window's start, in ms since the epoch
   * @param now wall-clock time, in ms since the epoch
   */
  void advance(int partition, long windowStart, long now) {
    Partition read = partitions.computeIfAbsent(partition, absent -> new Partition());
    read.time = Math.max(read.time, windowStart);
    read.lastInputAt = now;
    lastInputAt = now;
  }

  /** The stream's time as of {@code now}; {@link Long#MIN_VALUE} before anything came. */
  long at(long now) {
    long slowest = Long.MAX_VALUE;
    long fastest = Long.MIN_VALUE;
    for (Partition partition : partitions.values()) {
      fastest = Math.max(fastest, partition.time);
      if (partition.lastInputAt > now - STALLED_MS) {
        slowest = Math.min(slowest, partition.time);
      }
    }
    long reached = slowest == Long.MAX_VALUE ? fastest : slowest;
    if (now - lastInputAt > IDLE_MS) {
      reached = now;
    }
    time = Math.max(time, Math.min(reached, now));
    return time;
  }
}
