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
 * <p>The SDK closes responses before their end: unread, that of an attempt that it retries, but
 * only the body tells an exhausted quota from a rate limit; and in the middle, an answer that it
 * fails to parse, which is not the caller's giving up. So the rest of an error, or of an answer in
 * one document, is read before it is closed, up to what an event looks at of an error. That may
 * wait for as long as the transport waits for data, as the SDK itself does for an error that it
 * throws.
 */
final class WatchedResponse implements HttpResponse {

  private final HttpResponse response;
  private final Body body;

  WatchedResponse(HttpResponse response, HttpAttempt attempt) {
    this.response = response;
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
    body.beforeClose();
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
        attempt.failed(e);
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
      beforeClose();
      in.close();
    }

    /** Tells the attempt, after what is to be read before. Never throws. */
    void beforeClose() {
      if (attempt.isUnreadDocument()) {
        byte[] bytes = new byte[1024];
        int read = 0;
        try {
          for (int count = 0; !hasEnded && read < HttpAttempt.MAX_ERROR_BODY; read += count) {
            count = Math.max(read(bytes, 0, bytes.length), 0);
          }
        } catch (IOException | RuntimeException e) {
          // Told already.
        }
      }
      hasEnded = true;
      attempt.closed();
    }
  }
}
