// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;

/**
 * The aggregation as the first page of any tutorial writes it: calls are grouped, windowed by
 * minute and aggregated, once for each way to group them, all of it in JSON trees.
 *
 * <p>Grace is a day, since a backlog loses most of its updates with a short one. Counts the same as
 * {@link Counts}.
 */
final class NaiveTopology {

  /** A way to group calls: by the values of these fields. */
  private record Grouping(List<String> fields) {

    String key(JsonNode call) {
      return fields.stream()
          .map(field -> call.path(field).asText())
          .collect(Collectors.joining("|"));
    }

    String topic() {
      return "bench-naive-by-" + String.join("-", fields);
    }
  }

  private static final List<Grouping> GROUPINGS =
      List.of(
          new Grouping(List.of("tenant")),
          new Grouping(List.of("request_model")),
          new Grouping(List.of("tenant", "request_model")));

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Serde<JsonNode> JSON = new JsonTreeSerde();

  private NaiveTopology() {}

  /** The topics that it writes. */
  static List<String> resultTopics() {
    return GROUPINGS.stream().map(Grouping::topic).toList();
  }

  static Topology of(String source) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, JsonNode> calls =
        builder.stream(
            source,
            Consumed.with(Serdes.String(), JSON)
                .withTimestampExtractor(
                    (record, partitionTime) ->
                        ((JsonNode) record.value()).path("timestamp").asLong()));
    for (Grouping grouping : GROUPINGS) {
      calls
          .groupBy((callId, call) -> grouping.key(call), Grouped.with(Serdes.String(), JSON))
          .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, GRACE))
          .aggregate(
              NaiveTopology::nothing,
              (key, call, counts) -> add(call, counts),
              Materialized.with(Serdes.String(), JSON))
          .toStream()
          .to(
              grouping.topic(),
              Produced.with(
                  WindowedSerdes.timeWindowedSerdeFrom(String.class, WINDOW.toMillis()), JSON));
    }
    return builder.build();
  }

  private static JsonNode nothing() {
    ObjectNode counts = JsonNodeFactory.instance.objectNode();
    counts.put("attempts", 0L).put("errors", 0L);
    counts.put("input_tokens", 0L).put("output_tokens", 0L).put("cost_nano_usd", 0L);
    counts.putObject("latency");
    return counts;
  }

  private static JsonNode add(JsonNode call, JsonNode before) {
    ObjectNode counts = (ObjectNode) before;
    increase(counts, "attempts", 1);
    increase(counts, "errors", call.path("outcome").asText().equals("error") ? 1 : 0);
    for (String field : List.of("input_tokens", "output_tokens", "cost_nano_usd")) {
      increase(counts, field, call.path(field).asLong());
    }
    if (call.has("duration_ms")) {
      int bucket = Counts.bucketOf(call.path("duration_ms").asDouble());
      increase((ObjectNode) counts.path("latency"), Integer.toString(bucket), 1);
    }
    return counts;
  }

  private static void increase(ObjectNode counts, String field, long by) {
    counts.put(field, counts.path(field).asLong() + by);
  }

  /** The sums in an aggregate of any topic. */
  static Totals totals(JsonNode counts) {
    return new Totals(
        counts.path("attempts").asLong(),
        counts.path("errors").asLong(),
        counts.path("input_tokens").asLong(),
        counts.path("output_tokens").asLong(),
        counts.path("cost_nano_usd").asLong());
  }
}
