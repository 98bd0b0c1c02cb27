// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.AbstractStoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * A store without content that calls its processor just before each commit of the task, inside the
 * same transaction, so that what the processor holds on the heap can be made durable with it.
 *
 * <p>Kafka Streams has no public hook at this place. It does call {@code flushCache()} on each
 * store that implements the internal {@code CachedStateStore}: on every commit, on revocation and
 * on a clean close, before it flushes its producer and takes the offsets ({@code
 * StreamTask.prepareCommit}). This class is the only one that knows; the kill tests stand guard
 * over upgrades. The callback must not forward records, as no processor is current then.
 */
final class BeforeCommitStore implements StateStore, CachedStateStore<byte[], byte[]> {

  private final String name;
  private boolean open;
  private Runnable callback = () -> {};

  private BeforeCommitStore(String name) {
    this.name = name;
  }

  static StoreBuilder<BeforeCommitStore> builder(String name) {
    return new Builder(name).withLoggingDisabled();
  }

  void onCommit(Runnable callback) {
    this.callback = callback;
  }

  @Override
  public void flushCache() {
    callback.run();
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public void clearCache() {
    // Called when the task is recycled into a standby: nothing is kept here.
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    open = false;
    callback = () -> {};
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  private static final class Builder
      extends AbstractStoreBuilder<byte[], byte[], BeforeCommitStore> {

    Builder(String name) {
      super(
          name, Serdes.ByteArray(), Serdes.ByteArray(), org.apache.kafka.common.utils.Time.SYSTEM);
    }

    @Override
    public BeforeCommitStore build() {
      return new BeforeCommitStore(name);
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }
  }
}
