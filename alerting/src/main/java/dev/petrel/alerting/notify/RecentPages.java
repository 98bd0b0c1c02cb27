// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** How often each receiver was told of something new of late. Not thread-safe. */
final class RecentPages {

  static final Duration STORM = Duration.ofMinutes(1);
  static final Duration FLAPPING = Duration.ofHours(1);
  private static final int MAX = 1_000;

  private record Page(int partition, long at) {}

  private final Map<String, Deque<Page>> pages = new HashMap<>();

  /** A receiver was told of a new incident. */
  void incident(int partition, String receiver, long at) {
    add(receiver, new Page(partition, at));
  }

  /** A receiver was told of an alert that is told of for the first time. */
  void alert(int partition, String receiver, String fingerprint, long at) {
    add(receiver + '\n' + fingerprint, new Page(partition, at));
  }

  private void add(String key, Page page) {
    Deque<Page> list = pages.computeIfAbsent(key, each -> new ArrayDeque<>());
    list.addLast(page);
    if (list.size() > MAX) {
      list.removeFirst();
    }
  }

  /** New incidents within the last minute. */
  int incidents(String receiver, long now) {
    return count(receiver, now - STORM.toMillis());
  }

  /** Times that this alert was told of within the last hour. */
  int alerts(String receiver, String fingerprint, long now) {
    return count(receiver + '\n' + fingerprint, now - FLAPPING.toMillis());
  }

  private int count(String key, long after) {
    return (int)
        pages.getOrDefault(key, new ArrayDeque<>()).stream()
            .filter(page -> page.at() > after)
            .count();
  }

  /** Forgets what was told about alerts of a partition. */
  void drop(int partition) {
    pages.values().forEach(list -> list.removeIf(page -> page.partition() == partition));
    pages.values().removeIf(Deque::isEmpty);
  }

  /** Forgets what no question asks about any more. */
  void expire(long now) {
    pages.values().forEach(list -> list.removeIf(page -> page.at() <= now - FLAPPING.toMillis()));
    pages.values().removeIf(Deque::isEmpty);
  }
}
