// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.service.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Call events in, aggregates by scope and window out: calls are aggregated per partition, the small
 * partials are sent to their scope's partition, merged there, and published.
 *
 * <p>Raw events are never repartitioned. What each step takes, gives and keeps is told at {@link
 * PartitionAggregator} and {@link ScopeMerger}.
 */
final class AggregationTopology implements Supplier<Topology> {

  private static final Serde<byte[]> BYTES = Serdes.ByteArray();

  private final LlmCallEventCodec codec;
  private final AggregationConfig config;
  private final Conservation conservation;
  private final Cardinality cardinality;

  /** One for all tasks of a stream thread. */
  private final ThreadLocal<SendSchedule> schedule = ThreadLocal.withInitial(SendSchedule::new);

  AggregationTopology(
      LlmCallEventCodec codec,
      AggregationConfig config,
      Conservation conservation,
      Cardinality cardinality) {
    this.codec = codec;
    this.config = config;
    this.conservation = conservation;
    this.cardinality = cardinality;
  }

  @Override
  public Topology get() {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, Output> counted =
        builder.stream(
                Topic.CALLS.topicName(),
                Consumed.with(BYTES, BYTES)
                    .withName("calls")
                    .withTimestampExtractor(
                        (record, partitionTime) -> Math.max(record.timestamp(), 0)))
            .process(aggregatePerPartition(), Named.as("aggregate-per-partition"));
    KStream<String, Output> merged =
        counted
            .filter((key, output) -> output instanceof PartialBatch, Named.as("partials"))
            .repartition(
                Repartitioned.with(Serdes.String(), PartialBatch.serde())
                    .withStreamPartitioner(AggregationTopology::byShard)
                    .withName("partials-by-scope"))
            .process(mergeByScope(), Named.as("merge-by-scope"));
    publish("stats", merged);
    publish("accounts", counted.filter(AggregationTopology::isPublished, Named.as("published")));
    return builder.build();
  }

  private ProcessorSupplier<byte[], byte[], String, Output> aggregatePerPartition() {
    return new WithStores<>(
        () -> new PartitionAggregator(codec, config, conservation, schedule::get),
        Set.of(
            BeforeCommitStore.builder(PartitionAggregator.BEFORE_COMMIT),
            // Empty but after an unplanned commit: not worth a disk.
            inMemory(PartitionAggregator.PENDING),
            inMemory(PartitionAggregator.ACCOUNTS),
            inMemory(PartitionAggregator.RETRY_ASKS),
            onDisk(PartitionAggregator.SEEN)));
  }

  private ProcessorSupplier<String, Output, String, Output> mergeByScope() {
    return new WithStores<>(
        () -> new ScopeMerger(config, conservation, cardinality, schedule::get),
        Set.of(
            BeforeCommitStore.builder(ScopeMerger.BEFORE_COMMIT),
            inMemory(ScopeMerger.UNPUBLISHED),
            inMemory(ScopeMerger.PROGRESS),
            onDisk(ScopeMerger.AGGREGATES)));
  }

  private static void publish(String name, KStream<String, Output> outputs) {
    outputs
        .mapValues(output -> (Output.Published) output, Named.as(name + "-records"))
        .to(
            (key, output, context) -> output.topic().topicName(),
            Produced.with(Serdes.String(), Output.Published.serde())
                .withName(name)
                .withStreamPartitioner(AggregationTopology::byScope));
  }

  private static boolean isPublished(String key, Output output) {
    return output instanceof Output.Published;
  }

  private static Optional<Set<Integer>> byShard(
      String topic, String key, Output output, int partitions) {
    return output instanceof PartialBatch batch
        ? Optional.of(Set.of(batch.shard() % partitions))
        : Optional.empty();
  }

  /** All windows of a scope in one partition, in order; what has no window by its key. */
  private static Optional<Set<Integer>> byScope(
      String topic, String key, Output.Published output, int partitions) {
    int end = key.lastIndexOf('@');
    byte[] scope = (end < 0 ? key : key.substring(0, end)).getBytes(StandardCharsets.UTF_8);
    return Optional.of(Set.of(Utils.toPositive(Utils.murmur2(scope)) % partitions));
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> inMemory(String name) {
    return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), BYTES);
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> onDisk(String name) {
    return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), BYTES);
  }

  /** A processor with the stores that are its own. */
  private record WithStores<K, V, A, B>(
      Supplier<Processor<K, V, A, B>> processor, Set<StoreBuilder<?>> stores)
      implements ProcessorSupplier<K, V, A, B> {

    @Override
    public Processor<K, V, A, B> get() {
      return processor.get();
    }
  }
}
