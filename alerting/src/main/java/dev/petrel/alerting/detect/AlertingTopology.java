// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.service.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology of alerting: call stats → minutes of scopes, by provider → evaluation → alerts.
 *
 * <ul>
 *   <li>Input: {@code llm-call-stats}; key scope and window, value {@link
 *       dev.petrel.stats.CallStats} as JSON, several revisions of each.
 *   <li>Output: {@code llm-alerts}; key alert id, value {@link Alert} as JSON: one record when an
 *       episode fires, one about every 30 s while it goes on, one at once when it widens or becomes
 *       more severe, and one when it ends.
 *   <li>Window: the current minute and the full ones before it, on event time, as of the wall
 *       clock.
 *   <li>Emit rule: once a second of wall clock, when the rule's state machine says so; never on an
 *       update.
 *   <li>Late records: a revision of a minute up to ten minutes old corrects it; older ones are
 *       dropped.
 *   <li>Stores: in memory, with a changelog; ten minutes of each scope, and the open episodes.
 * </ul>
 */
public final class AlertingTopology implements Supplier<Topology> {

  private static final Duration FIRST_READ = Duration.ofMinutes(15);

  private final ErrorRateConfig errorRate;
  private final String runbookBaseUrl;
  private final MeterRegistry meters;

  /**
   * @param runbookBaseUrl where the runbooks are; each is named like its rule
   */
  public AlertingTopology(ErrorRateConfig errorRate, String runbookBaseUrl, MeterRegistry meters) {
    this.errorRate = requireNonNull(errorRate, "errorRate");
    this.runbookBaseUrl = requireNonNull(runbookBaseUrl, "runbookBaseUrl");
    this.meters = requireNonNull(meters, "meters");
  }

  @Override
  public Topology get() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(Topic.CALL_STATS.topicName(), callStats())
        .process(() -> new StatsReader(meters), Named.as("stats-reader"))
        .repartition(byGroup())
        .process(new EvaluatorSupplier(), Named.as("evaluator"))
        .to(Topic.ALERTS.topicName(), alerts());
    return builder.build();
  }

  private static Consumed<String, byte[]> callStats() {
    // What is older than a few minutes raises no alert: a new installation need not read it.
    return Consumed.with(Serdes.String(), Serdes.ByteArray())
        .withName("call-stats")
        .withOffsetResetPolicy(AutoOffsetReset.byDuration(FIRST_READ));
  }

  private static Repartitioned<String, ScopeMinute> byGroup() {
    return Repartitioned.<String, ScopeMinute>as("scope-minutes")
        .withKeySerde(Serdes.String())
        .withValueSerde(Json.serde(ScopeMinute.class));
  }

  private static Produced<String, Alert> alerts() {
    return Produced.with(Serdes.String(), Json.serde(Alert.class)).withName("alerts");
  }

  private final class EvaluatorSupplier
      implements ProcessorSupplier<String, ScopeMinute, String, Alert> {

    @Override
    public Processor<String, ScopeMinute, String, Alert> get() {
      return new Evaluator(new ErrorRateRule(errorRate, runbookBaseUrl), meters);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(
          Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore(Evaluator.MINUTES_STORE),
              Serdes.String(),
              Json.serde(Minute.class)),
          Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore(Evaluator.STATES_STORE),
              Serdes.String(),
              Json.serde(GroupState.class)));
    }
  }
}
