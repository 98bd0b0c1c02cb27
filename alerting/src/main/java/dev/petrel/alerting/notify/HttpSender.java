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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON and classifies the answer: 2xx is sent; 408, 429, 5xx and a broken connection or
 * time-out may work later; everything else never will. Thread-safe.
 */
final class HttpSender {

  private static final int MAX_BODY_SHOWN = 200;

  private final HttpClient client;
  private final Duration timeout;
  private final InstantSource clock;

  HttpSender(HttpClient client, Duration timeout, InstantSource clock) {
    this.client = client;
    this.timeout = timeout;
    this.clock = clock;
  }

  /**
   * Posts.
   *
   * @param secrets what must not appear in results
   */
  CompletableFuture<NotifyResult> post(URI uri, byte[] json, List<String> secrets) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Content-Type", "application/json; charset=utf-8")
            .header("User-Agent", "petrel-alerting")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json))
            .build();
    ByteArrayOutputStream body = new ByteArrayOutputStream(MAX_BODY_SHOWN);
    CompletableFuture<HttpResponse<@Nullable Void>> exchange =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.ofByteArrayConsumer(
                chunk -> chunk.ifPresent(bytes -> addUpTo(body, bytes))));
    // The request's own time-out ends with the headers; this one covers a body that never ends.
    return exchange
        .copy()
        .orTimeout(timeout.toMillis() * 3 / 2, TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              if (response == null) {
                exchange.cancel(true);
                return new NotifyResult.Retryable(redacted(describe(failure), secrets), null);
              }
              return classify(response, redacted(text(body), secrets));
            });
  }

  private static void addUpTo(ByteArrayOutputStream body, byte[] bytes) {
    body.write(bytes, 0, Math.min(bytes.length, Math.max(0, MAX_BODY_SHOWN - body.size())));
  }

  private static String text(ByteArrayOutputStream body) {
    return body.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " ").strip();
  }

  private static String redacted(String text, List<String> secrets) {
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

  private NotifyResult classify(HttpResponse<?> response, String body) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return new NotifyResult.Sent();
    }
    String why = "HTTP " + status + (body.isEmpty() ? "" : ": " + body);
    if (status == 408 || status == 429 || status >= 500) {
      return new NotifyResult.Retryable(
          why, retryAfter(response.headers().firstValue("Retry-After").orElse(null)));
    }
    return new NotifyResult.Permanent(why);
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
