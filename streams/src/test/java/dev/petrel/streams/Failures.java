// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.stats.Contributors;
import dev.petrel.stats.TopCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whom failed attempts came from: exactly, as there are fewer names than the product keeps. */
final class Failures {

  private static final int SAMPLES = 5;

  private final Map<String, Long> tenants = new HashMap<>(4);
  private final Map<String, Long> instances = new HashMap<>(4);
  private final Map<String, Long> credentials = new HashMap<>(4);
  private int withRequestId;

  void add(LlmCallEvent failure) {
    count(tenants, failure.get(EventField.TENANT));
    count(instances, failure.get(EventField.INSTANCE));
    count(credentials, failure.get(EventField.CREDENTIAL));
    withRequestId += failure.get(EventField.REQUEST_ID) == null ? 0 : 1;
  }

  private static void count(Map<String, Long> counts, String name) {
    if (name != null) {
      counts.merge(name, 1L, Long::sum);
    }
  }

  void addAll(Failures other) {
    other.tenants.forEach((name, count) -> tenants.merge(name, count, Long::sum));
    other.instances.forEach((name, count) -> instances.merge(name, count, Long::sum));
    other.credentials.forEach((name, count) -> credentials.merge(name, count, Long::sum));
    withRequestId += other.withRequestId;
  }

  void compare(Contributors contributors, List<String> differences) {
    if (contributors == null) {
      differences.add("no contributors, not " + tenants);
      return;
    }
    compare("failed tenants", contributors.tenants(), tenants, differences);
    compare("failed instances", contributors.instances(), instances, differences);
    compare("failed credentials", contributors.credentials(), credentials, differences);
    int samples = contributors.requestIds().size();
    if (samples != Math.min(SAMPLES, withRequestId)) {
      differences.add("%d request ids of %d".formatted(samples, withRequestId));
    }
  }

  private static void compare(
      String what, TopCounts actual, Map<String, Long> exact, List<String> differences) {
    Map<String, Long> counts = new HashMap<>();
    for (TopCounts.Entry entry : actual.highest(Integer.MAX_VALUE)) {
      counts.put(entry.name(), entry.count());
    }
    if (!counts.equals(exact)) {
      differences.add("%s are %s, not %s".formatted(what, counts, exact));
    }
  }
}
