// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import dev.petrel.http.CallContext;
import dev.petrel.http.HttpCallObserver;
import dev.petrel.publisher.CallPublisher;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.util.Set;
import org.springframework.ai.chat.observation.ChatModelObservationContext;

/**
 * Makes an event of each call of a chat model whose HTTP client is not observed. It cannot tell
 * attempts apart, nor see status, headers and rate limits: the models' own retries are within one
 * event. Thread-safe.
 */
final class UnobservedModelHandler implements ObservationHandler<ChatModelObservationContext> {

  /** The names that Spring AI gives to what {@link ObservedModelsAutoConfiguration} observes. */
  private static final Set<String> OBSERVED = Set.of("openai", "anthropic");

  private final HttpCallObserver observer;
  private final CallPublisher publisher;

  UnobservedModelHandler(HttpCallObserver observer, CallPublisher publisher) {
    this.observer = observer;
    this.publisher = publisher;
  }

  /**
   * What is known when a call begins.
   *
   * @param millis since the epoch
   * @param nanos the same moment on {@link System#nanoTime}
   * @param context on whose behalf
   */
  record Start(long millis, long nanos, CallContext context) {}

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof ChatModelObservationContext call
        && !OBSERVED.contains(call.getOperationMetadata().provider());
  }

  @Override
  public void onStart(ChatModelObservationContext call) {
    call.put(
        Start.class,
        new Start(System.currentTimeMillis(), System.nanoTime(), observer.currentContext()));
  }

  @Override
  public void onStop(ChatModelObservationContext call) {
    Start start = call.get(Start.class);
    if (start != null) {
      boolean unused =
          publisher.publish(new FinishedModelCall(observer, call, start, System.nanoTime()));
    }
  }
}
