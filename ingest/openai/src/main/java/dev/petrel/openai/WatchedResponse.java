// SPDX-License-Identifier: Apache-2.0
package dev.petrel.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import dev.petrel.http.HttpAttempt;
import java.io.IOException;
import java.io.InputStream;

/**
 * A response whose body is shown to the attempt while it is read.
 *
 * <p>The SDK closes the response of an attempt that it retries without reading it. But only the
 * body tells an exhausted quota from a rate limit. So the rest of an error is read before it is
 * closed, up to what an event looks at; it may be waited for as long as the transport waits for
 * data, just as the SDK does for an error that it does not retry.
 */
final class WatchedResponse implements HttpResponse {

  private static final int MAX_ERROR_BYTES = 8 * 1024;

  private final HttpResponse response;
  private final HttpAttempt attempt;
  private final Body body;

  WatchedResponse(HttpResponse response, HttpAttempt attempt) {
    this.response = response;
    this.attempt = attempt;
    this.body = new Body(response.body(), attempt);
  }

  @Override
  public int statusCode() {
    return response.statusCode();
  }

  @Override
  public Headers headers() {
    return response.headers();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public void close() {
    if (response.statusCode() >= 400) {
      body.readRest(MAX_ERROR_BYTES);
    }
    attempt.closed();
    response.close();
  }

  /** The body as it passes by. */
  private static final class Body extends InputStream {
    private final InputStream in;
    private final HttpAttempt attempt;
    private volatile boolean hasEnded;

    Body(InputStream in, HttpAttempt attempt) {
      this.in = in;
      this.attempt = attempt;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count;
      try {
        count = in.read(bytes, from, length);
      } catch (IOException | RuntimeException e) {
        hasEnded = true;
        ObservedTransport.tell(attempt, e);
        throw e;
      }
      if (count < 0) {
        hasEnded = true;
        attempt.completed();
      } else {
        attempt.received(bytes, from, count);
      }
      return count;
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      hasEnded = true;
      attempt.closed();
      in.close();
    }

    /** Reads what is left, up to a limit. Never throws. */
    void readRest(int limit) {
      byte[] bytes = new byte[1024];
      int read = 0;
      try {
        while (!hasEnded && read < limit) {
          int count = in.read(bytes, 0, bytes.length);
          if (count < 0) {
            hasEnded = true;
          } else {
            attempt.received(bytes, 0, count);
            read += count;
          }
        }
      } catch (IOException | RuntimeException e) {
        hasEnded = true; // The status alone has to do.
      }
    }
  }
}
