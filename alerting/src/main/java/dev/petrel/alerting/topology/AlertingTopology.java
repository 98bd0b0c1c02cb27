// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.topology;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.traffic.ScopeWindow;
import dev.petrel.service.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology of detection: aggregates → windows of scopes, by environment → evaluation → alerts.
 *
 * <ul>
 *   <li>Input: {@code llm-call-stats} and {@code llm-call-rollups}; key scope and window, value
 *       {@link dev.petrel.stats.CallStats} as JSON, several revisions of each.
 *   <li>Output: {@code llm-alerts}; key alert id, value {@link Alert} as JSON: one record when an
 *       episode fires, one about every 30 s while it goes on, one at once when it widens or becomes
 *       more severe, and one when it ends. All episodes of an environment are in one partition.
 *   <li>Window: minutes and hours on event time, as of the wall clock.
 *   <li>Emit rule: once a second of wall clock, when a detector says so; never on an update.
 *   <li>Late records: a revision of a minute or hour that is still remembered corrects it.
 *   <li>Stores: in memory, with a changelog; what is remembered of each scope, and the open
 *       episodes.
 * </ul>
 *
 * <p>All scopes of an environment meet in one task, because what explains a failure can be in any
 * of them. What a task reads is one record a second of each scope that has calls.
 */
public final class AlertingTopology implements Supplier<Topology> {

  /** What the patterns look back: older aggregates of a new installation need not be read. */
  private static final Duration FIRST_READ = Duration.ofHours(2);

  private static final Duration FIRST_READ_HOURS = Duration.ofDays(15);

  private final Supplier<List<Rule>> rules;
  private final String runbookBaseUrl;
  private final MeterRegistry meters;

  /**
   * @param rules the rules in force: asked often, another list is other rules
   * @param runbookBaseUrl where the runbooks are; each is named like its pattern
   */
  public AlertingTopology(Supplier<List<Rule>> rules, String runbookBaseUrl, MeterRegistry meters) {
    this.rules = requireNonNull(rules, "rules");
    this.runbookBaseUrl = requireNonNull(runbookBaseUrl, "runbookBaseUrl");
    this.meters = requireNonNull(meters, "meters");
  }

  @Override
  public Topology get() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(Topic.CALL_STATS.topicName(), aggregates("call-stats", FIRST_READ))
        .merge(
            builder.stream(
                Topic.CALL_ROLLUPS.topicName(), aggregates("call-rollups", FIRST_READ_HOURS)),
            Named.as("aggregates"))
        .process(() -> new StatsReader(meters), Named.as("stats-reader"))
        .repartition(byEnvironment())
        .process(new EvaluatorSupplier(), Named.as("evaluator"))
        .to(Topic.ALERTS.topicName(), alerts());
    return builder.build();
  }

  private static Consumed<String, byte[]> aggregates(String name, Duration back) {
    return Consumed.with(Serdes.String(), Serdes.ByteArray())
        .withName(name)
        .withOffsetResetPolicy(AutoOffsetReset.byDuration(back));
  }

  private static Repartitioned<String, ScopeWindow> byEnvironment() {
    return Repartitioned.<String, ScopeWindow>as("scope-windows")
        .withKeySerde(Serdes.String())
        .withValueSerde(windows());
  }

  @SuppressWarnings("NullAway") // Kafka's serdes pass tombstones as null
  private static Serde<ScopeWindow> windows() {
    return Serdes.serdeFrom(
        (topic, window) -> window == null ? null : window.toBytes(),
        (topic, bytes) -> bytes == null ? null : ScopeWindow.fromBytes(bytes));
  }

  private static Produced<String, Alert> alerts() {
    StreamPartitioner<String, Alert> byEnvironment =
        (topic, key, alert, partitions) ->
            Optional.of(
                Set.of(
                    Utils.toPositive(alert.labels().getOrDefault("environment", "").hashCode())
                        % partitions));
    return Produced.with(Serdes.String(), Json.serde(Alert.class))
        .withStreamPartitioner(byEnvironment)
        .withName("alerts");
  }

  private final class EvaluatorSupplier
      implements ProcessorSupplier<String, ScopeWindow, String, Alert> {

    @Override
    public Processor<String, ScopeWindow, String, Alert> get() {
      return new Evaluator(rules, runbookBaseUrl, meters);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(
          Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore(Evaluator.STORE), Serdes.String(), Serdes.ByteArray()));
    }
  }
}
