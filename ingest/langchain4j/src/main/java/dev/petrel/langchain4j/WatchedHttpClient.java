// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.petrel.http.HeaderSource;
import dev.petrel.http.HttpAttempt;
import dev.petrel.http.HttpCallObserver;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Watches any HTTP client of LangChain4j through its interface. */
final class WatchedHttpClient implements HttpClient {

  private final HttpClient client;
  private final HttpCallObserver observer;

  WatchedHttpClient(HttpClient client, HttpCallObserver observer) {
    this.client = client;
    this.observer = observer;
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    HttpAttempt attempt = begin(request);
    if (attempt == null) {
      return client.execute(withoutContext(request));
    }
    SuccessfulHttpResponse response;
    try {
      response = client.execute(withoutContext(request));
    } catch (RuntimeException | Error e) {
      tell(attempt, e);
      throw e;
    }
    attempt.responded(response.statusCode(), headers(response.headers()));
    receive(attempt, response.body());
    attempt.completed();
    return response;
  }

  @Override
  public void execute(HttpRequest request, ServerSentEventListener listener) {
    HttpAttempt attempt = begin(request);
    if (attempt == null) {
      client.execute(withoutContext(request), listener);
      return;
    }
    try {
      client.execute(withoutContext(request), new WatchedListener(listener, attempt));
    } catch (RuntimeException | Error e) {
      tell(attempt, e);
      throw e;
    }
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    HttpAttempt attempt = begin(request);
    if (attempt == null) {
      client.execute(withoutContext(request), parser, listener);
      return;
    }
    try {
      client.execute(withoutContext(request), parser, new WatchedListener(listener, attempt));
    } catch (RuntimeException | Error e) {
      tell(attempt, e);
      throw e;
    }
  }

  private @Nullable HttpAttempt begin(HttpRequest request) {
    URI uri;
    try {
      uri = URI.create(request.url());
    } catch (IllegalArgumentException e) {
      return null; // The client will say what it thinks of that.
    }
    HttpAttempt attempt = observer.begin(request.method().name(), uri, headers(request.headers()));
    if (attempt != null && request.body() != null) {
      byte[] body = request.body().getBytes(UTF_8);
      attempt.sent(body, 0, body.length);
    }
    return attempt;
  }

  /** The request without what is only for this process. */
  private static HttpRequest withoutContext(HttpRequest request) {
    if (headers(request.headers()).first(HttpCallObserver.CONTEXT_HEADER) == null) {
      return request;
    }
    Map<String, List<String>> headers = new LinkedHashMap<>(request.headers());
    headers.keySet().removeIf(HttpCallObserver.CONTEXT_HEADER::equalsIgnoreCase);
    return HttpRequest.builder()
        .method(request.method())
        .url(request.url())
        .headers(headers)
        .formDataFields(request.formDataFields())
        .formDataFiles(request.formDataFiles())
        .body(request.body())
        .build();
  }

  static HeaderSource headers(@Nullable Map<String, List<String>> headers) {
    return name -> {
      // Not all versions of LangChain4j look names up without regard to case.
      if (headers != null) {
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
          List<String> values = header.getValue();
          if (name.equalsIgnoreCase(header.getKey()) && values != null && !values.isEmpty()) {
            return values.get(0);
          }
        }
      }
      return null;
    };
  }

  private static void receive(HttpAttempt attempt, @Nullable String body) {
    if (body != null) {
      byte[] bytes = body.getBytes(UTF_8);
      attempt.received(bytes, 0, bytes.length);
    }
  }

  /** Ends the attempt by what the client threw, or told a stream's listener. */
  static void tell(HttpAttempt attempt, Throwable failure) {
    Throwable cause = HttpAttempt.withoutWrappers(failure);
    if (cause instanceof HttpException answer) {
      attempt.responded(answer.statusCode(), name -> null);
      receive(attempt, answer.getMessage());
      attempt.completed();
    } else {
      attempt.failed(cause);
    }
  }
}
