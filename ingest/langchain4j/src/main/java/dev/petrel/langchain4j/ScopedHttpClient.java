// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;

/**
 * Takes the context that {@link CallContextListener} gave to a thread back once a stream is asked
 * for: the stream's end comes on another thread, and there are no retries that would need it.
 */
final class ScopedHttpClient implements HttpClient {

  private final HttpClient client;

  ScopedHttpClient(HttpClient client) {
    this.client = client;
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    return client.execute(request);
  }

  @Override
  public void execute(HttpRequest request, ServerSentEventListener listener) {
    try {
      client.execute(request, listener);
    } finally {
      ThreadContext.takeBack();
    }
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    try {
      client.execute(request, parser, listener);
    } finally {
      ThreadContext.takeBack();
    }
  }
}
