// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import dev.petrel.event.Outcome;
import dev.petrel.event.errors.RequestIds;
import dev.petrel.http.AnswerReader.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of an LLM call while it is under way: a hook tells it what it sees of the request and
 * the answer, and how it ends; then it becomes an event.
 *
 * <p>No method throws, or waits. The calls of one attempt come one after another, as those of an
 * HTTP exchange do, but the end may be told by several threads at once: the first counts.
 */
public final class HttpAttempt {

  /** How much of a failed answer's body is looked at, in bytes. */
  public static final int MAX_ERROR_BODY = 8 * 1024;

  /** Causes may be wrapped in circles. */
  private static final int MAX_WRAPPERS = 16;

  /** What events have of response headers. */
  private static final List<String> RESPONSE_HEADERS =
      Stream.of(
              RequestIds.HEADERS,
              RateLimitHeaders.NAMES,
              List.of(
                  "retry-after-ms",
                  "retry-after",
                  "x-should-retry",
                  "x-amzn-errortype",
                  "x-ms-region"))
          .flatMap(List::stream)
          .toList();

  private final HttpCallObserver observer;
  private final RequestFacts request;
  private final RequestReader requestReader = new RequestReader();
  private final AtomicBoolean ended = new AtomicBoolean();

  private @Nullable Integer status;
  private Map<String, String> responseHeaders = Map.of();
  private @Nullable AnswerReader answer;
  private @Nullable Long firstChunkNanos;
  private volatile long lastSignNanos;
  private byte[] copy = {};

  HttpAttempt(HttpCallObserver observer, RequestFacts request) {
    this.observer = observer;
    this.request = request;
    this.lastSignNanos = request.startedNanos();
  }

  /** Bytes of the request's body were sent. */
  public void sent(byte[] bytes, int from, int length) {
    observer.safely(() -> requestReader.feed(bytes, from, length));
  }

  /** Bytes of the request's body were sent; the buffer's position stays. */
  public void sent(ByteBuffer bytes) {
    observer.safely(() -> requestReader.feed(copyOf(bytes), 0, bytes.remaining()));
  }

  /** The request's body is sent from its start again, within the same attempt. */
  public void sendsAgain() {
    observer.safely(requestReader::restart);
  }

  /** The head of the response came. */
  public void responded(int responseStatus, HeaderSource headers) {
    observer.safely(
        () -> {
          status = responseStatus;
          lastSignNanos = observer.nanoTime();
          Map<String, String> values = new HashMap<>();
          for (String name : RESPONSE_HEADERS) {
            String value = headers.first(name);
            if (value != null) {
              values.put(name, value);
            }
          }
          responseHeaders = values;
          answer = new AnswerReader(framing(headers), responseStatus >= 400);
        });
  }

  private static Framing framing(HeaderSource headers) {
    String encoding = headers.first("content-encoding");
    if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
      return Framing.OPAQUE;
    }
    String type = headers.first("content-type");
    String name = type == null ? "" : type.toLowerCase(Locale.ROOT);
    if (name.startsWith("text/event-stream")) {
      return Framing.EVENT_STREAM;
    }
    if (name.contains("ndjson") || name.contains("jsonl")) {
      return Framing.JSON_LINES;
    }
    // Without a type, JSON is what it must be to be understood by anyone.
    return name.isEmpty() || name.contains("json") ? Framing.JSON : Framing.OPAQUE;
  }

  /** Bytes of the response's body came. */
  public void received(byte[] bytes, int from, int length) {
    if (length <= 0 || ended.get()) {
      return;
    }
    observer.safely(
        () -> {
          long now = observer.nanoTime();
          lastSignNanos = now;
          if (firstChunkNanos == null) {
            firstChunkNanos = now;
          }
          if (answer != null) {
            answer.feed(bytes, from, length);
          }
        });
  }

  /** Bytes of the response's body came; the buffer's position stays. */
  public void received(ByteBuffer bytes) {
    if (bytes.hasArray()) {
      received(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    } else {
      received(copyOf(bytes), 0, bytes.remaining());
    }
  }

  private byte[] copyOf(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (copy.length < length) {
      copy = new byte[length];
    }
    bytes.duplicate().get(copy, 0, length);
    return copy;
  }

  /** The response's body came to its end, as far as HTTP goes. */
  public void completed() {
    end(null, false);
  }

  /**
   * The exchange failed with what the client throws, or completes a future with. That is the
   * caller's giving up when a future was cancelled or the thread is interrupted, for which clients
   * throw just any exception.
   */
  public void failed(Throwable failure) {
    Throwable cause = withoutWrappers(failure);
    end(
        cause,
        cause instanceof CancellationException
            || cause instanceof InterruptedException
            || Thread.currentThread().isInterrupted());
  }

  /**
   * What futures and SDKs wrap: the cause of an exception that only says that something failed.
   * Those are futures' exceptions, unchecked ones around a checked one of I/O or an interrupt, and
   * {@link RuntimeException} itself.
   */
  public static Throwable withoutWrappers(Throwable failure) {
    Throwable inner = failure;
    Throwable cause = inner.getCause();
    for (int depth = 0; depth < MAX_WRAPPERS && cause != null; depth++) {
      if (!isWrapperOf(inner, cause)) {
        return inner;
      }
      inner = cause;
      cause = inner.getCause();
    }
    return inner;
  }

  private static boolean isWrapperOf(Throwable failure, Throwable cause) {
    return failure instanceof ExecutionException
        || failure instanceof CompletionException
        || failure.getClass() == RuntimeException.class
        || (failure instanceof RuntimeException
            && (cause instanceof IOException || cause instanceof InterruptedException));
  }

  /** The caller gave up: it cancelled the call, or its thread was interrupted. */
  public void cancelled(@Nullable Throwable failure) {
    end(failure, true);
  }

  /**
   * The caller closed the response's body. Before its end that is giving up, but for an answer
   * whose content is whole, or tells of an error: many clients do not read up to the end of the
   * stream behind it.
   */
  public void closed() {
    AnswerReader read = answer;
    end(
        null,
        status != null && status < 400 && read != null && !read.isComplete() && !read.hasError());
  }

  /**
   * Whether more is to come of a failure's body, which can tell why it failed, or of an answer in
   * one document. SDKs close the former unread when they try again, and the latter in the middle
   * when they cannot parse it, which is not the caller's giving up.
   */
  public boolean isUnreadDocument() {
    return status != null
        && !ended.get()
        && (status >= 400 || (answer != null && answer.isOneDocument()));
  }

  /** When anything was last seen of it, on {@link System#nanoTime}. */
  long lastSignNanos() {
    return lastSignNanos;
  }

  private void end(@Nullable Throwable failure, boolean cancelled) {
    if (ended.compareAndSet(false, true)) {
      observer.safely(
          () -> {
            if (answer != null) {
              answer.end();
            }
            observer.ended(
                this,
                new FinishedAttempt(
                    observer,
                    request,
                    requestReader,
                    status,
                    responseHeaders,
                    answer,
                    new FinishedAttempt.Ending(
                        outcome(failure, cancelled),
                        failure,
                        observer.nanoTime(),
                        firstChunkNanos)));
          });
    }
  }

  private Outcome outcome(@Nullable Throwable failure, boolean cancelled) {
    if (cancelled) {
      return Outcome.CANCELLED;
    }
    if (failure != null || status == null || status >= 400 || answer == null) {
      return Outcome.ERROR;
    }
    if (answer.hasError() || !answer.isComplete()) {
      return Outcome.ERROR;
    }
    return answer.outcome();
  }
}
