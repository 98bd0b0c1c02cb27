// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import dev.petrel.http.HeaderSource;
import dev.petrel.http.HttpAttempt;
import org.jspecify.annotations.Nullable;

/**
 * Shows a stream's events to the attempt while they pass by, framed as they came. Called by one
 * thread at a time.
 */
final class WatchedListener implements ServerSentEventListener {

  private final ServerSentEventListener listener;
  private final HttpAttempt attempt;
  private volatile @Nullable ServerSentEventParsingHandle handle;

  WatchedListener(ServerSentEventListener listener, HttpAttempt attempt) {
    this.listener = listener;
    this.attempt = attempt;
  }

  @Override
  public void onOpen(SuccessfulHttpResponse response) {
    HeaderSource headers = WatchedHttpClient.headers(response.headers());
    attempt.responded(
        response.statusCode(),
        name ->
            switch (name) {
              // What received() gets below, whatever was sent.
              case "content-type" -> "text/event-stream";
              case "content-encoding" -> null;
              default -> headers.first(name);
            });
    listener.onOpen(response);
  }

  @Override
  public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
    handle = context.parsingHandle();
    receive(event);
    listener.onEvent(event, context);
  }

  @Override
  public void onEvent(ServerSentEvent event) {
    receive(event);
    listener.onEvent(event);
  }

  private void receive(ServerSentEvent event) {
    String data = event.data();
    if (data != null) {
      byte[] bytes = ("data: " + data.replace("\n", "\ndata: ") + "\n\n").getBytes(UTF_8);
      attempt.received(bytes, 0, bytes.length);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (isCancelled()) { // The failure is that of the stream which was closed.
      attempt.closed();
    } else {
      WatchedHttpClient.tell(attempt, failure);
    }
    listener.onError(failure);
  }

  @Override
  public void onClose() {
    if (isCancelled()) {
      attempt.closed();
    } else {
      attempt.completed();
    }
    listener.onClose();
  }

  private boolean isCancelled() {
    ServerSentEventParsingHandle current = handle;
    return current != null && current.isCancelled();
  }
}
