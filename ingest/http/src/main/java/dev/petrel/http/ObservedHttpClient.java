// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP client, watched: behaves as the client that it wraps, and makes an event of each
 * LLM call. Thread-safe.
 *
 * <p>An attempt ends with the answer's body. A body that the caller never reads to its end, nor
 * closes, makes no event.
 */
public final class ObservedHttpClient extends HttpClient {

  private final HttpClient client;
  private final HttpCallObserver observer;

  private ObservedHttpClient(HttpClient client, HttpCallObserver observer) {
    this.client = client;
    this.observer = observer;
  }

  /** The client, watched. */
  public static HttpClient of(HttpClient client, HttpCallObserver observer) {
    return new ObservedHttpClient(
        requireNonNull(client, "client"), requireNonNull(observer, "observer"));
  }

  private static HeaderSource headers(HttpHeaders headers) {
    return name -> headers.firstValue(name).orElse(null);
  }

  private @Nullable HttpAttempt begin(HttpRequest request) {
    return observer.begin(request.method(), request.uri(), headers(request.headers()));
  }

  /** The request without what is only for this process. */
  private static HttpRequest withoutContext(HttpRequest request) {
    return request.headers().map().containsKey(HttpCallObserver.CONTEXT_HEADER)
        ? HttpRequest.newBuilder(request, ObservedHttpClient::isForTheServer).build()
        : request;
  }

  private static boolean isForTheServer(String header, String value) {
    return !header.equalsIgnoreCase(HttpCallObserver.CONTEXT_HEADER);
  }

  /** The same request, whose body is watched. */
  private static HttpRequest watched(HttpRequest request, HttpAttempt attempt) {
    if (request.bodyPublisher().isEmpty()) {
      return withoutContext(request);
    }
    return HttpRequest.newBuilder(request, ObservedHttpClient::isForTheServer)
        .method(request.method(), new WatchedRequestBody(request.bodyPublisher().get(), attempt))
        .build();
  }

  private static <T> BodyHandler<T> watched(BodyHandler<T> handler, HttpAttempt attempt) {
    return response -> {
      attempt.responded(response.statusCode(), headers(response.headers()));
      return new WatchedAnswer<>(handler.apply(response), attempt);
    };
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    HttpAttempt attempt = begin(request);
    if (attempt == null) {
      return client.send(withoutContext(request), handler);
    }
    try {
      return client.send(watched(request, attempt), watched(handler, attempt));
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      attempt.failed(e);
      throw e;
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return sendAsync(request, handler, null);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    HttpAttempt attempt = begin(request);
    if (attempt == null) {
      return client.sendAsync(withoutContext(request), handler, pushPromiseHandler);
    }
    CompletableFuture<HttpResponse<T>> response =
        client.sendAsync(watched(request, attempt), watched(handler, attempt), pushPromiseHandler);
    // The same future goes to the caller: cancelling a dependent one would cancel nothing.
    var unused =
        response.whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                attempt.failed(failure);
              }
            });
    return response;
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return client.newWebSocketBuilder();
  }
}
