// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.publisher.EventPublisher;
import java.time.Duration;

/** Petrel's publisher without a log statement: the application builds the event. */
final class PublisherLog implements CallLog {

  private static final Duration SETTLING = Duration.ofSeconds(20);

  private final EventPublisher publisher;
  private long number;

  PublisherLog(String bootstrapServers, String topic) {
    publisher = EventPublisher.newBuilder().bootstrapServers(bootstrapServers).topic(topic).build();
  }

  @Override
  public void log(LoggedCall call) {
    publisher.publish(
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, call.requestId() + "-" + number++)
            .set(EventField.TIMESTAMP, System.currentTimeMillis())
            .set(EventField.OUTCOME, Outcome.SUCCESS)
            .set(EventField.CALL_ID, call.callId())
            .set(EventField.REQUEST_ID, call.requestId())
            .set(EventField.TENANT, call.tenant())
            .set(EventField.PROVIDER, call.provider())
            .set(EventField.REQUEST_MODEL, call.requestModel())
            .set(EventField.RESPONSE_MODEL, call.responseModel())
            .set(EventField.OPERATION, call.operation())
            .set(EventField.STREAM, call.stream())
            .set(EventField.ATTEMPT, (long) call.attempt())
            .set(EventField.INPUT_TOKENS, (long) call.inputTokens())
            .set(EventField.OUTPUT_TOKENS, (long) call.outputTokens())
            .set(EventField.DURATION_MS, call.durationMs())
            .set(EventField.TIME_TO_FIRST_CHUNK_MS, call.timeToFirstChunkMs())
            .build());
  }

  @Override
  public Long reportedLosses() {
    return losses(publisher);
  }

  /**
   * What a closed publisher has lost. Its thread may count the last ones a moment after the close
   * timeout.
   */
  static long losses(EventPublisher closed) {
    boolean unused = closed.flush(SETTLING);
    return closed.counters().dropped();
  }

  @Override
  public void close() {
    publisher.close();
  }
}
