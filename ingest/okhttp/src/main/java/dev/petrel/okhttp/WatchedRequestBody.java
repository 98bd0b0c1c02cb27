// SPDX-License-Identifier: Apache-2.0
package dev.petrel.okhttp;

import dev.petrel.http.HttpAttempt;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ForwardingSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** A request's body that is shown to the attempt while it is sent. */
final class WatchedRequestBody extends RequestBody {

  private final RequestBody body;
  private final HttpAttempt attempt;

  WatchedRequestBody(RequestBody body, HttpAttempt attempt) {
    this.body = body;
    this.attempt = attempt;
  }

  @Override
  public @Nullable MediaType contentType() {
    return body.contentType();
  }

  @Override
  public long contentLength() throws IOException {
    return body.contentLength();
  }

  @Override
  public boolean isDuplex() {
    return body.isDuplex();
  }

  @Override
  public boolean isOneShot() {
    return body.isOneShot();
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    attempt.sendsAgain();
    BufferedSink watched =
        Okio.buffer(
            new ForwardingSink(sink) {
              @Override
              public void write(Buffer source, long byteCount) throws IOException {
                Segments.forEach(source, 0, byteCount, attempt::sent);
                super.write(source, byteCount);
              }
            });
    body.writeTo(watched);
    watched.emit(); // Not close: the sink is the client's.
  }
}
