// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.sink;

import dev.petrel.event.LlmCallEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where accepted calls go. Thread-safe. */
public interface CallSink extends AutoCloseable {

  /**
   * Stores events.
   *
   * @return completes when all of them are durable; exceptionally with {@link NotStoredException}
   *     when that is not known of at least one, some of which may be stored nevertheless
   */
  CompletableFuture<@Nullable Void> store(List<LlmCallEvent> events);

  /**
   * What is wrong with it, in words for an operator; null when nothing is. Takes a second at most.
   */
  @Nullable String problem();

  /** Waits a bounded time for what is on its way. */
  @Override
  void close();
}
