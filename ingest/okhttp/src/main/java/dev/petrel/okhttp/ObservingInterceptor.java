// SPDX-License-Identifier: Apache-2.0
package dev.petrel.okhttp;

import static java.util.Objects.requireNonNull;

import dev.petrel.http.HttpAttempt;
import dev.petrel.http.HttpCallObserver;
import java.io.IOException;
import java.io.InterruptedIOException;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Okio;

/**
 * Makes an event of each LLM call that passes. As an <em>application</em> interceptor it sees each
 * attempt of an SDK once, whatever OkHttp does below, and bodies as they are, not compressed.
 * Thread-safe.
 *
 * <p>
 *
 * {@snippet :
 * new OkHttpClient.Builder().addInterceptor(new ObservingInterceptor(observer)).build();
 * }
 */
public final class ObservingInterceptor implements Interceptor {

  /**
   * The share of a call's timeout that may have gone by when its attempt begins, for other
   * interceptors and a JVM that still loads classes. Who cancels as late as that has a timeout.
   */
  private static final int TIMEOUT_TOLERANCE = 4;

  private final HttpCallObserver observer;

  /** An interceptor that tells {@code observer}. */
  public ObservingInterceptor(HttpCallObserver observer) {
    this.observer = requireNonNull(observer, "observer");
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Headers headers = request.headers();
    HttpAttempt attempt = observer.begin(request.method(), request.url().uri(), headers::get);
    if (attempt == null) {
      return chain.proceed(withoutContext(request));
    }
    Ending ending = new Ending(attempt, chain.call(), System.nanoTime());
    Response response;
    try {
      response = chain.proceed(watched(request, attempt));
    } catch (IOException | RuntimeException | Error e) {
      ending.failed(e);
      throw e;
    }
    attempt.responded(response.code(), response.headers()::get);
    ResponseBody body = response.body();
    if (body == null) {
      attempt.completed();
      return response;
    }
    return response
        .newBuilder()
        .body(
            ResponseBody.create(
                Okio.buffer(new WatchedSource(body.source(), attempt, ending)),
                body.contentType(),
                body.contentLength()))
        .build();
  }

  /** The request without what is only for this process. */
  private static Request withoutContext(Request request) {
    return request.header(HttpCallObserver.CONTEXT_HEADER) == null
        ? request
        : request.newBuilder().removeHeader(HttpCallObserver.CONTEXT_HEADER).build();
  }

  private static Request watched(Request request, HttpAttempt attempt) {
    Request sent = withoutContext(request);
    RequestBody body = sent.body();
    return body == null
        ? sent
        : sent.newBuilder().method(sent.method(), new WatchedRequestBody(body, attempt)).build();
  }

  /** Tells giving up from failing, which OkHttp's exceptions do not. */
  record Ending(HttpAttempt attempt, Call call, long startedNanos) {

    void failed(Throwable failure) {
      if (!call.isCanceled() && !Thread.currentThread().isInterrupted()) {
        attempt.failed(failure);
      } else if (call.isCanceled() && isTimeoutOfCall()) {
        // OkHttp cancels a call whose time is up, and says so only above all interceptors.
        InterruptedIOException timeout = new InterruptedIOException("timeout");
        timeout.initCause(failure);
        attempt.failed(timeout);
      } else {
        attempt.cancelled(failure);
      }
    }

    private boolean isTimeoutOfCall() {
      long timeout = call.timeout().timeoutNanos();
      return timeout > 0
          && System.nanoTime() - startedNanos >= timeout - timeout / TIMEOUT_TOLERANCE;
    }
  }
}
