// SPDX-License-Identifier: Apache-2.0
package dev.petrel.hook.contract;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.publisher.CallPublisher;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is published, for tests to look at. Thread-safe. */
public final class RecordingPublisher implements CallPublisher {

  private final List<LlmCallEvent> events = new CopyOnWriteArrayList<>();

  /** One without events. */
  public RecordingPublisher() {}

  @Override
  public boolean publish(LlmCallEvent event) {
    return events.add(event);
  }

  /** All events so far, in the order of their publication. */
  public List<LlmCallEvent> events() {
    return events;
  }
}
