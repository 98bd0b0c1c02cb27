// SPDX-License-Identifier: Apache-2.0
package dev.petrel.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import dev.petrel.http.HeaderSource;
import dev.petrel.http.HttpAttempt;
import dev.petrel.http.HttpCallObserver;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A transport that shows each exchange to an observer. The SDK puts its retries above what its
 * options call the HTTP client, so each of them is an exchange here.
 *
 * <p>Uses only what the SDK has had since 4.0. Thread-safe.
 */
final class ObservedTransport implements HttpClient {

  private final HttpClient transport;
  private final HttpCallObserver observer;

  ObservedTransport(HttpClient transport, HttpCallObserver observer) {
    this.transport = transport;
    this.observer = observer;
  }

  private @Nullable HttpAttempt begin(HttpRequest request) {
    URI uri;
    try {
      uri = URI.create(url(request));
    } catch (IllegalArgumentException e) {
      return null; // The transport tells.
    }
    return observer.begin(request.method().name(), uri, headers(request.headers()));
  }

  /** {@code HttpRequest.url()}, which early versions lack. */
  private static String url(HttpRequest request) {
    StringBuilder url = new StringBuilder(request.baseUrl());
    for (String segment : request.pathSegments()) {
      if (url.length() == 0 || url.charAt(url.length() - 1) != '/') {
        url.append('/');
      }
      url.append(URLEncoder.encode(segment, UTF_8));
    }
    char separator = url.indexOf("?") < 0 ? '?' : '&';
    for (String name : request.queryParams().keys()) {
      for (String value : request.queryParams().values(name)) {
        url.append(separator).append(URLEncoder.encode(name, UTF_8));
        url.append('=').append(URLEncoder.encode(value, UTF_8));
        separator = '&';
      }
    }
    return url.toString();
  }

  private static HeaderSource headers(Headers headers) {
    return name -> {
      List<String> values = headers.values(name);
      return values.isEmpty() ? null : values.get(0);
    };
  }

  /** The request without what is only for this process. */
  private static HttpRequest withoutContext(HttpRequest request) {
    return !request.headers().values(HttpCallObserver.CONTEXT_HEADER).isEmpty()
        ? request.toBuilder().removeHeaders(HttpCallObserver.CONTEXT_HEADER).build()
        : request;
  }

  private static HttpRequest watched(HttpRequest request, HttpAttempt attempt) {
    HttpRequest sent = withoutContext(request);
    HttpRequestBody body = sent.body();
    return body == null
        ? sent
        : sent.toBuilder().body(new WatchedRequestBody(body, attempt)).build();
  }

  private static HttpResponse watched(HttpResponse response, HttpAttempt attempt) {
    attempt.responded(response.statusCode(), headers(response.headers()));
    return new WatchedResponse(response, attempt);
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    HttpAttempt attempt = begin(request);
    if (attempt == null) {
      return transport.execute(withoutContext(request), options);
    }
    HttpResponse response;
    try {
      response = transport.execute(watched(request, attempt), options);
    } catch (RuntimeException | Error e) {
      attempt.failed(e);
      throw e;
    }
    return watched(response, attempt);
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    HttpAttempt attempt = begin(request);
    if (attempt == null) {
      return transport.executeAsync(withoutContext(request), options);
    }
    CompletableFuture<HttpResponse> response;
    try {
      response = transport.executeAsync(watched(request, attempt), options);
    } catch (RuntimeException | Error e) {
      attempt.failed(e);
      throw e;
    }
    return watched(response, attempt);
  }

  /** A future of its own, not a dependent one: to cancel that would not cancel the exchange. */
  private static CompletableFuture<HttpResponse> watched(
      CompletableFuture<HttpResponse> response, HttpAttempt attempt) {
    CompletableFuture<HttpResponse> watched = new CompletableFuture<>();
    var unusedEnd =
        response.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                attempt.failed(failure);
                watched.completeExceptionally(failure);
              } else {
                HttpResponse watchedAnswer = watched(answer, attempt);
                if (!watched.complete(watchedAnswer)) {
                  watchedAnswer.close();
                }
              }
            });
    var unusedCancellation =
        watched.whenComplete(
            (answer, failure) -> {
              if (watched.isCancelled()) {
                attempt.cancelled(failure);
                response.cancel(true);
              }
            });
    return watched;
  }

  @Override
  public void close() {
    transport.close();
  }
}
