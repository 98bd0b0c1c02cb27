// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import dev.petrel.service.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the sink has counted, by topic: {@code records = indexed + superseded + dead_lettered +
 * skipped} whenever it is idle. Redelivered records count again, and one that is about several
 * documents counts once for each.
 */
final class SinkMeters {

  private final Map<String, Counter> records = new HashMap<>();
  private final Map<String, Counter> indexed = new HashMap<>();
  private final Map<String, Counter> superseded = new HashMap<>();
  private final Map<String, Counter> deadLettered = new HashMap<>();
  private final Map<String, Counter> skipped = new HashMap<>();
  private final Counter retried;
  private volatile double lag = Double.NaN;

  SinkMeters(MeterRegistry registry, List<Topic> topics) {
    for (Topic topic : topics) {
      String name = topic.topicName();
      records.put(name, counter(registry, name, "records", "Records read"));
      indexed.put(name, counter(registry, name, "indexed", "Records written to OpenSearch"));
      superseded.put(
          name,
          counter(
              registry, name, "superseded", "Records not written, as a newer revision is stored"));
      deadLettered.put(
          name,
          counter(registry, name, "dead_lettered", "Records written to the dead-letter topic"));
      skipped.put(
          name, counter(registry, name, "skipped", "Tombstones, and records about no document"));
    }
    retried =
        Counter.builder("petrel.dashboards.retried")
            .description("Writes that OpenSearch did not take and that were sent again")
            .register(registry);
    Gauge.builder("petrel.dashboards.lag", this, meters -> meters.lag)
        .description("Records in Kafka that are not written yet; NaN while not known")
        .register(registry);
  }

  private static Counter counter(
      MeterRegistry registry, String topic, String name, String description) {
    return Counter.builder("petrel.dashboards." + name)
        .tag("topic", topic)
        .description(description)
        .register(registry);
  }

  void read(String topic) {
    increment(records, topic);
  }

  void indexed(String topic) {
    increment(indexed, topic);
  }

  void superseded(String topic) {
    increment(superseded, topic);
  }

  void deadLettered(String topic) {
    increment(deadLettered, topic);
  }

  void skipped(String topic) {
    increment(skipped, topic);
  }

  void retried(int operations) {
    retried.increment(operations);
  }

  void lag(double unwritten) {
    lag = unwritten;
  }

  private static void increment(Map<String, Counter> counters, String topic) {
    Counter counter = counters.get(topic);
    if (counter != null) {
      counter.increment();
    }
  }
}
