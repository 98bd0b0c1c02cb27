// SPDX-License-Identifier: Apache-2.0
package dev.petrel.appender.contract;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.publisher.CallPublisher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A publisher that keeps what it is given, with a switch for each way to fail. */
public final class FakeCallPublisher implements CallPublisher {
  final List<LlmCallEvent> published = new CopyOnWriteArrayList<>();
  volatile boolean refuses;
  volatile @Nullable RuntimeException thrown;
  volatile boolean closed;

  @Override
  public boolean publish(LlmCallEvent event) {
    if (thrown != null) {
      throw thrown;
    }
    return !closed && !refuses && published.add(event);
  }

  @Override
  public void close() {
    closed = true;
  }

  /** The events so far, in order. */
  public List<LlmCallEvent> published() {
    return List.copyOf(published);
  }
}
