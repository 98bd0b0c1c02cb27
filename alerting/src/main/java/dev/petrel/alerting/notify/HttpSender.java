// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes HTTP requests that end within bounded time and memory. Thread-safe. */
final class HttpSender {

  /** More than is shown, so that a secret in it is seen whole and taken out before it is cut. */
  private static final int MAX_BODY_READ = 4_096;

  private final HttpClient client;
  private final Duration timeout;
  private final InstantSource clock;

  HttpSender(HttpClient client, Duration timeout, InstantSource clock) {
    this.client = client;
    this.timeout = timeout;
    this.clock = clock;
  }

  /** The time, as signatures and expiries need it. */
  InstantSource clock() {
    return clock;
  }

  /** How long a request may take. */
  Duration timeout() {
    return timeout;
  }

  /** Posts JSON, and lets the status decide; see {@link HttpAnswer#result()}. */
  CompletableFuture<NotifyResult> post(URI uri, byte[] json, List<String> secrets) {
    return post(uri, Map.of(), json, secrets);
  }

  /**
   * The same with more headers.
   *
   * @param secrets what must not appear in results
   */
  CompletableFuture<NotifyResult> post(
      URI uri, Map<String, String> headers, byte[] json, List<String> secrets) {
    return exchange(jsonPost(uri, headers, json), MAX_BODY_READ, secrets)
        .thenApply(HttpAnswer::result);
  }

  /** A request that posts JSON. */
  static HttpRequest.Builder jsonPost(URI uri, Map<String, String> headers, byte[] json) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    headers.forEach(request::header);
    return request;
  }

  /**
   * Makes a request. The future never completes exceptionally.
   *
   * @param maxBody bytes of the answer that are kept
   * @param secrets what must not appear in the answer
   */
  CompletableFuture<HttpAnswer> exchange(
      HttpRequest.Builder builder, int maxBody, List<String> secrets) {
    HttpRequest request = builder.timeout(timeout).header("User-Agent", "petrel-alerting").build();
    ByteArrayOutputStream body = new ByteArrayOutputStream(1_024);
    CompletableFuture<HttpResponse<@Nullable Void>> exchange =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.ofByteArrayConsumer(
                chunk -> chunk.ifPresent(bytes -> addUpTo(maxBody, body, bytes))));
    // The request's own time-out ends with the headers; this one covers a body that never ends.
    return exchange
        .copy()
        .orTimeout(timeout.toMillis() * 3 / 2, TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              if (response == null) {
                exchange.cancel(true);
                return new HttpAnswer(0, redacted(describe(failure), secrets), null);
              }
              return new HttpAnswer(
                  response.statusCode(),
                  redacted(body.toString(StandardCharsets.UTF_8), secrets),
                  retryAfter(response.headers().firstValue("Retry-After").orElse(null)));
            });
  }

  private static void addUpTo(int max, ByteArrayOutputStream body, byte[] bytes) {
    body.write(bytes, 0, Math.min(bytes.length, Math.max(0, max - body.size())));
  }

  /** The text with each secret replaced. */
  static String redacted(String text, List<String> secrets) {
    String redacted = text;
    for (String secret : secrets) {
      redacted = redacted.replace(secret, "(secret)");
    }
    return redacted;
  }

  private String describe(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
      return "no answer within " + timeout.toMillis() + " ms";
    }
    // The class alone: messages of the client can quote the request's URL.
    return cause == null ? "no answer" : cause.getClass().getSimpleName();
  }

  /** Seconds, or an HTTP date; null when it is neither. */
  private @Nullable Duration retryAfter(@Nullable String header) {
    if (header == null) {
      return null;
    }
    try {
      return Duration.ofSeconds(Math.max(0, Long.parseLong(header.strip())));
    } catch (NumberFormatException notSeconds) {
      try {
        Duration wait =
            Duration.between(
                clock.instant(),
                ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
        return wait.isNegative() ? Duration.ZERO : wait;
      } catch (DateTimeException neither) {
        return null;
      }
    }
  }
}
