// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.publisher.CallPublisher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A publisher that keeps what it is given, with a switch for each way to fail. */
final class FakeCallPublisher implements CallPublisher {
  final List<LlmCallEvent> published = new CopyOnWriteArrayList<>();
  volatile boolean refuses;
  volatile RuntimeException thrown;
  volatile boolean closed;

  @Override
  public boolean publish(LlmCallEvent event) {
    if (thrown != null) {
      throw thrown;
    }
    if (refuses) {
      return false;
    }
    return published.add(event);
  }

  @Override
  public void close() {
    closed = true;
  }
}
