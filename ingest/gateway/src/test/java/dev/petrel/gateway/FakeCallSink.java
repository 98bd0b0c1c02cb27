// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.gateway.sink.CallSink;
import dev.petrel.gateway.sink.NotStoredException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A sink that keeps what it is given, and can be away or slow. */
final class FakeCallSink implements CallSink {

  final List<LlmCallEvent> stored = new CopyOnWriteArrayList<>();
  final List<CompletableFuture<@Nullable Void>> waiting = new CopyOnWriteArrayList<>();
  volatile boolean isAway;
  volatile boolean isSlow;

  @Override
  public CompletableFuture<@Nullable Void> store(List<LlmCallEvent> events) {
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    if (isAway) {
      answer.completeExceptionally(new NotStoredException("away"));
    } else if (isSlow) {
      waiting.add(answer);
    } else {
      stored.addAll(events);
      answer.complete(null);
    }
    return answer;
  }

  @Override
  public @Nullable String problem() {
    return isAway ? "away" : null;
  }

  @Override
  public void close() {}
}
