// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.service.Topic;
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
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Call events in, aggregates by scope and minute out: calls are aggregated per partition, the small
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

  AggregationTopology(
      LlmCallEventCodec codec, AggregationConfig config, Conservation conservation) {
    this.codec = codec;
    this.config = config;
    this.conservation = conservation;
  }

  @Override
  public Topology get() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            Topic.CALLS.topicName(),
            Consumed.with(BYTES, BYTES)
                .withName("calls")
                .withTimestampExtractor((record, partitionTime) -> Math.max(record.timestamp(), 0)))
        .process(aggregatePerPartition(), Named.as("aggregate-per-partition"))
        .repartition(
            Repartitioned.with(Serdes.String(), Partial.serde()).withName("partials-by-scope"))
        .process(mergeByScope(), Named.as("merge-by-scope"))
        .to(
            Topic.CALL_STATS.topicName(),
            Produced.with(Serdes.String(), BYTES)
                .withName("call-stats")
                .withStreamPartitioner(new ByScope()));
    return builder.build();
  }

  private ProcessorSupplier<byte[], byte[], String, Partial> aggregatePerPartition() {
    return new WithStores<>(
        () -> new PartitionAggregator(codec, config, conservation),
        Set.of(
            BeforeCommitStore.builder(PartitionAggregator.BEFORE_COMMIT),
            // Empty but after an unplanned commit: not worth a disk.
            inMemory(PartitionAggregator.PENDING),
            inMemory(PartitionAggregator.ACCOUNTS),
            onDisk(PartitionAggregator.SEEN)));
  }

  private ProcessorSupplier<String, Partial, String, byte[]> mergeByScope() {
    return new WithStores<>(
        () -> new ScopeMerger(config),
        Set.of(
            BeforeCommitStore.builder(ScopeMerger.BEFORE_COMMIT),
            inMemory(ScopeMerger.OPEN),
            onDisk(ScopeMerger.AGGREGATES)));
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

  /** All windows of a scope in one partition, in order. */
  private static final class ByScope implements StreamPartitioner<String, byte[]> {

    @Override
    public Optional<Set<Integer>> partitions(
        String topic, String key, byte[] value, int numPartitions) {
      byte[] scope =
          key.substring(0, key.lastIndexOf('@')).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return Optional.of(Set.of(Utils.toPositive(Utils.murmur2(scope)) % numPartitions));
    }
  }
}
