// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.streams.Aggregate.Role;
import dev.petrel.streams.AggregateKey.Length;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregatesTest {

  private static final long MINUTE = Length.MINUTE.millis();

  @TempDir private Path stateDir;

  private KeyValueStore<Bytes, byte[]> store;
  private KeyValueStore<Bytes, byte[]> unpublished;
  private Aggregates aggregates;

  @BeforeEach
  void open() {
    MockProcessorContext<Void, Void> context =
        new MockProcessorContext<>(new Properties(), new TaskId(0, 0), stateDir.toFile());
    store = opened("aggregates", context);
    unpublished = opened("unpublished", context);
    aggregates = new Aggregates(store, unpublished);
  }

  /** On disk, as in the topology: what an iterator sees of later changes is the store's own. */
  private static KeyValueStore<Bytes, byte[]> opened(
      String name, MockProcessorContext<Void, Void> context) {
    KeyValueStore<Bytes, byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    return store;
  }

  @AfterEach
  void close() {
    store.close();
    unpublished.close();
  }

  @Test
  void forEach_visitsEachOnceWhenTheVisitorFlushes() {
    List<AggregateKey> keys = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      keys.add(new AggregateKey(Length.MINUTE, i * MINUTE, "all||||||", null));
    }
    // Some are in the store, some on the heap alone.
    keys.subList(0, 5).forEach(this::change);
    aggregates.flush((key, aggregate) -> {});
    keys.subList(5, 10).forEach(this::change);

    List<AggregateKey> visited = new ArrayList<>();
    aggregates.forEach(
        Length.MINUTE,
        0,
        10 * MINUTE,
        key -> {
          visited.add(key);
          aggregates.flush((flushed, aggregate) -> {});
        });

    assertThat(visited).containsExactlyInAnyOrderElementsOf(keys);
  }

  private void change(AggregateKey key) {
    aggregates.change(key, absent -> Role.OWN);
  }
}
