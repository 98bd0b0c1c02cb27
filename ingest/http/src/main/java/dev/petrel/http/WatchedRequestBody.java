// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** A request's body that is shown to the attempt while it is sent. */
final class WatchedRequestBody implements BodyPublisher {

  private final BodyPublisher body;
  private final HttpAttempt attempt;

  WatchedRequestBody(BodyPublisher body, HttpAttempt attempt) {
    this.body = body;
    this.attempt = attempt;
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    // The client subscribes again when it sends again, after a redirect or a closed connection.
    attempt.sendsAgain();
    body.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
          }

          @Override
          public void onNext(ByteBuffer bytes) {
            attempt.sent(bytes);
            subscriber.onNext(bytes);
          }

          @Override
          public void onError(Throwable failure) {
            subscriber.onError(failure);
          }

          @Override
          public void onComplete() {
            subscriber.onComplete();
          }
        });
  }
}
