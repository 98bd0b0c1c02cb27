// SPDX-License-Identifier: Apache-2.0
package dev.petrel.okhttp;

import dev.petrel.http.HttpAttempt;
import dev.petrel.okhttp.ObservingInterceptor.Ending;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;

/** An answer's body that is shown to the attempt while it is read. */
final class WatchedSource extends ForwardingSource {

  /** As long as OkHttp itself spends on a body that is closed before its end. */
  private static final long UNREAD_PATIENCE_MILLIS = 100;

  private final HttpAttempt attempt;
  private final Ending ending;

  WatchedSource(Source body, HttpAttempt attempt, Ending ending) {
    super(body);
    this.attempt = attempt;
    this.ending = ending;
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    long count;
    try {
      count = super.read(sink, byteCount);
    } catch (IOException | RuntimeException | Error e) {
      ending.failed(e);
      throw e;
    }
    if (count < 0) {
      attempt.completed();
    } else {
      Segments.forEach(sink, sink.size() - count, count, attempt::received);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    if (attempt.isUnreadDocument()) {
      readUnread();
    }
    attempt.closed();
    super.close();
  }

  private void readUnread() {
    Buffer thrownAway = new Buffer();
    timeout().deadline(UNREAD_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    try {
      while (attempt.isUnreadDocument() && thrownAway.size() < HttpAttempt.MAX_ERROR_BODY) {
        long unused = read(thrownAway, HttpAttempt.MAX_ERROR_BODY);
      }
    } catch (IOException e) {
      // What is known by now has to say it all.
    }
  }
}
