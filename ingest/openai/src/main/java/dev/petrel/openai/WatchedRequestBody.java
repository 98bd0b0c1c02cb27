// SPDX-License-Identifier: Apache-2.0
package dev.petrel.openai;

import com.openai.core.http.HttpRequestBody;
import dev.petrel.http.HttpAttempt;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A request's body that is shown to the attempt while it is written. */
final class WatchedRequestBody implements HttpRequestBody {

  private final HttpRequestBody body;
  private final HttpAttempt attempt;

  WatchedRequestBody(HttpRequestBody body, HttpAttempt attempt) {
    this.body = body;
    this.attempt = attempt;
  }

  @Override
  public void writeTo(OutputStream out) {
    // The transport writes again when it sends again, after a redirect for example.
    attempt.sendsAgain();
    body.writeTo(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            out.write(b);
            attempt.sent(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            attempt.sent(bytes, from, length);
          }

          @Override
          public void flush() throws IOException {
            out.flush();
          }

          @Override
          public void close() throws IOException {
            out.close();
          }
        });
  }

  @Override
  public @Nullable String contentType() {
    return body.contentType();
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public boolean repeatable() {
    return body.repeatable();
  }

  @Override
  public void close() {
    body.close();
  }
}
