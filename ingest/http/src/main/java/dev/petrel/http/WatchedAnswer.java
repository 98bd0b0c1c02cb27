// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Shows an answer's body to the attempt while it passes by.
 *
 * @param <T> what the body becomes
 */
final class WatchedAnswer<T> implements BodySubscriber<T> {

  private final BodySubscriber<T> body;
  private final HttpAttempt attempt;

  WatchedAnswer(BodySubscriber<T> body, HttpAttempt attempt) {
    this.body = body;
    this.attempt = attempt;
  }

  @Override
  public CompletionStage<T> getBody() {
    return body.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    body.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {
            subscription.request(count);
          }

          @Override
          public void cancel() {
            attempt.closed();
            subscription.cancel();
          }
        });
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer bytes : buffers) {
      attempt.received(bytes);
    }
    body.onNext(buffers);
  }

  @Override
  public void onError(Throwable failure) {
    attempt.failed(failure);
    body.onError(failure);
  }

  @Override
  public void onComplete() {
    attempt.completed();
    body.onComplete();
  }
}
