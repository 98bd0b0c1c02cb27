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

  /** SDKs throw the body of what they will retry away, and only there it says why it failed. */
  private static final int MAX_UNREAD_ERROR = 8 * 1024;

  /** As long as OkHttp itself spends on a body that is closed before its end. */
  private static final long UNREAD_PATIENCE_MILLIS = 100;

  private final boolean isError;
  private final HttpAttempt attempt;
  private final Ending ending;
  private boolean ended;

  /**
   * @param isError whether the body is one of a failure
   */
  WatchedSource(Source body, boolean isError, HttpAttempt attempt, Ending ending) {
    super(body);
    this.isError = isError;
    this.attempt = attempt;
    this.ending = ending;
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    long count;
    try {
      count = super.read(sink, byteCount);
    } catch (IOException | RuntimeException | Error e) {
      ended = true;
      ending.failed(e);
      throw e;
    }
    if (count < 0) {
      ended = true;
      attempt.completed();
    } else {
      Segments.forEach(sink, sink.size() - count, count, attempt::received);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    if (isError && !ended) {
      readUnread();
    }
    attempt.closed();
    super.close();
  }

  private void readUnread() {
    Buffer thrownAway = new Buffer();
    timeout().deadline(UNREAD_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    try {
      while (!ended && thrownAway.size() < MAX_UNREAD_ERROR) {
        long unused = read(thrownAway, MAX_UNREAD_ERROR);
      }
    } catch (IOException e) {
      // Its status has to say it all.
    }
  }
}
