// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.event.EventField;
import dev.petrel.service.Topic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.ScopeKind;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Holds the results of contenders to the truth, after the timed part. */
final class ResultCheck {

  private final TopicReader reader;

  ResultCheck(TopicReader reader) {
    this.reader = reader;
  }

  /** Holds a result to the truth; {@code what} names it. */
  static void same(String what, Totals truth, Totals result) {
    if (!result.equals(truth)) {
      throw new WrongResultException(
          "%s: WRONG RESULT%n  is        %s%n  should be %s".formatted(what, result, truth));
    }
  }

  /** The newest aggregates of Petrel hold every distinct attempt once, by each way to sum them. */
  void petrel(Truth truth) {
    Map<ByteBuffer, CallStats> newest = new HashMap<>();
    reader.forEach(
        Topic.CALL_STATS.topicName(),
        record -> newest.put(key(record), CallStatsCodec.decode(record.value())));
    Map<ScopeKind, Totals> totals = new EnumMap<>(ScopeKind.class);
    for (CallStats stats : newest.values()) {
      totals.merge(stats.scope().kind(), totals(stats.measures()), Totals::plus);
    }
    for (ScopeKind kind : List.of(ScopeKind.ALL, ScopeKind.TENANT_MODEL)) {
      same(
          "petrel, scope kind " + kind.wireName(),
          truth.distinct(),
          totals.getOrDefault(kind, Totals.NONE));
    }
  }

  private static Totals totals(Measures measures) {
    return new Totals(
        measures.attempts(),
        measures.errorAttempts(),
        measures.tokens(EventField.INPUT_TOKENS),
        measures.tokens(EventField.OUTPUT_TOKENS),
        measures.costNanoUsd());
  }

  /** The newest aggregates in each topic of the naive topology hold every record. */
  void naive(Truth truth) {
    for (String topic : NaiveTopology.resultTopics()) {
      Map<ByteBuffer, Totals> newest = new HashMap<>();
      reader.forEach(topic, record -> newest.put(key(record), jsonTotals(record)));
      same(topic, truth.records(), newest.values().stream().reduce(Totals.NONE, Totals::plus));
    }
  }

  /** A topic with one aggregate for each window and key holds every record. */
  void onceEach(String topic, Truth truth) {
    Totals[] sum = {Totals.NONE};
    reader.forEach(topic, record -> sum[0] = sum[0].plus(jsonTotals(record)));
    same(topic, truth.records(), sum[0]);
  }

  private static Totals jsonTotals(ConsumerRecord<byte[], byte[]> record) {
    JsonNode counts = requireNonNull(JsonTreeSerde.read(record.value()), "aggregate");
    return NaiveTopology.totals(counts);
  }

  private static ByteBuffer key(ConsumerRecord<byte[], byte[]> record) {
    return ByteBuffer.wrap(record.key());
  }
}
