// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.streams.processor.TaskId;

/**
 * The accounts of all partitions that this instance works on, summed and published as metrics.
 *
 * <p>{@code petrel.records{account=…}} is a gauge rather than a counter: an account moves with its
 * partition, and the sum over all instances is what never decreases. Thread-safe.
 */
final class Conservation {

  private final ConcurrentHashMap<TaskId, Ledger> ledgers = new ConcurrentHashMap<>();

  void opened(TaskId task, Ledger ledger) {
    ledgers.put(task, ledger);
  }

  void closed(TaskId task, Ledger ledger) {
    ledgers.remove(task, ledger);
  }

  /** How many partitions this instance works on. */
  int openPartitions() {
    return ledgers.size();
  }

  /** Registers the metrics. */
  void bindTo(MeterRegistry meters) {
    bind(meters, "accepted", Ledger::accepted);
    for (Ledger.Account account : Ledger.Account.values()) {
      bind(meters, account.metricName(), ledger -> ledger.count(account));
    }
  }

  private void bind(MeterRegistry meters, String account, ToLongFunction<Ledger> reading) {
    Gauge.builder("petrel.records", ledgers, all -> sum(all.values(), reading))
        .tag("account", account)
        .description("Records of llm-calls by what became of them")
        .register(meters);
  }

  long accepted() {
    return sum(ledgers.values(), Ledger::accepted);
  }

  long count(Ledger.Account account) {
    return sum(ledgers.values(), ledger -> ledger.count(account));
  }

  private static long sum(Collection<Ledger> ledgers, ToLongFunction<Ledger> reading) {
    return ledgers.stream().mapToLong(reading).sum();
  }
}
