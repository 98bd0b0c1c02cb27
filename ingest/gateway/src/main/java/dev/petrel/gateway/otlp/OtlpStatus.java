// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.intake.Rejection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code google.rpc.Status}, which OTLP answers with when it refuses, with {@code RetryInfo}
 * where a retry helps. Written by hand: the two messages have four fields.
 */
final class OtlpStatus {

  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
  private static final int CODE = 1;
  private static final int MESSAGE = 2;
  private static final int DETAILS = 3;
  private static final int RETRY_DELAY = 1;

  private OtlpStatus() {}

  static byte[] of(RefusedException refusal) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeInt32(CODE, refusal.reason().grpcStatus());
      out.writeString(MESSAGE, refusal.message());
      Long retryAfter = refusal.retryAfterSeconds();
      if (retryAfter != null) {
        out.writeMessage(DETAILS, retryInfo(retryAfter));
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes every byte
    }
    return bytes.toByteArray();
  }

  private static Any retryInfo(long seconds) throws IOException {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeMessage(RETRY_DELAY, Duration.newBuilder().setSeconds(seconds).build());
    out.flush();
    return Any.newBuilder().setTypeUrl(RETRY_INFO).setValue(bytes.toByteString()).build();
  }

  /** What was rejected, in words; null when nothing was. */
  static @Nullable String message(List<Rejection> rejections) {
    return rejections.isEmpty()
        ? null
        : "item %d: %s%s"
            .formatted(
                rejections.get(0).index(),
                rejections.get(0).message(),
                rejections.size() == 1 ? "" : ", and " + (rejections.size() - 1) + " more");
  }
}
