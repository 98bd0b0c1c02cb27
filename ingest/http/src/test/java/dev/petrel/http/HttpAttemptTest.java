// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.hook.contract.RecordingPublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class HttpAttemptTest {

  private final RecordingPublisher publisher = new RecordingPublisher();
  private final HttpCallObserver observer = HttpCallObserver.newBuilder(publisher).build();

  private LlmCallEvent eventOf(Throwable failure) {
    publisher.events().clear();
    HttpAttempt attempt =
        observer.begin("POST", URI.create("https://api.openai.com/v1/responses"), name -> null);
    assertThat(attempt).isNotNull();
    attempt.failed(failure);
    return publisher.events().get(0);
  }

  @Test
  void failed_looksBelowWhatFuturesAndSdksWrap() {
    ConnectException cause = new ConnectException("refused");
    for (Throwable failure :
        new Throwable[] {
          cause,
          new CompletionException(cause),
          new ExecutionException(new CompletionException(new UncheckedIOException(cause))),
          new RuntimeException(cause)
        }) {
      LlmCallEvent event = eventOf(failure);

      assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
      assertThat(event.get(EventField.EXCEPTION_CLASS)).isEqualTo("java.net.ConnectException");
    }
  }

  @Test
  void failed_keepsAnExceptionThatSaysSomethingItself() {
    IllegalStateException failure =
        new IllegalStateException("no model", new IllegalArgumentException("blank"));

    assertThat(eventOf(failure).get(EventField.EXCEPTION_CLASS))
        .isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void failed_byCancelling_isGivingUp() {
    assertThat(eventOf(new CompletionException(new CancellationException())).outcome())
        .isEqualTo(Outcome.CANCELLED);
    assertThat(eventOf(new RuntimeException(new InterruptedException())).outcome())
        .isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void failed_onAnInterruptedThread_isGivingUp_whateverTheClientThrows() {
    Thread.currentThread().interrupt();
    try {
      assertThat(eventOf(new IOException("closed")).outcome()).isEqualTo(Outcome.CANCELLED);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void withoutWrappers_endsInCircles() {
    RuntimeException one = new RuntimeException("one");
    RuntimeException other = new RuntimeException(one);
    one.initCause(other);

    assertThat(HttpAttempt.withoutWrappers(one)).isIn(one, other);
  }
}
