// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.Receipt;
import dev.petrel.gateway.intake.RefusedException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** How a way in frames, reads and answers requests. Implementations are thread-safe. */
public interface Protocol {

  /** Its name in metrics, for example {@code otlp_http}. */
  String way();

  /**
   * The body as it was before the sender packed it.
   *
   * @param maxBytes how large it may be
   * @param growing is told of each piece before it is kept, and may refuse it
   * @throws RefusedException when it is larger or cannot be unpacked
   */
  default byte[] unpack(RequestHeaders headers, byte[] body, int maxBytes, LongConsumer growing) {
    String encoding = headers.get("content-encoding", "identity").strip();
    return switch (encoding) {
      case "identity", "" -> body;
      case "gzip" -> Gzip.decompress(body, maxBytes, growing);
      default ->
          throw new RefusedException(
              RefusedException.Reason.UNSUPPORTED, "content-encoding must be gzip, or absent");
    };
  }

  /**
   * What an unpacked body holds.
   *
   * @param type the content type, null when the request names none
   * @throws RefusedException when it is not what its type says
   */
  Decoded decode(@Nullable MediaType type, byte[] body);

  /** The answer when all that is acceptable is durable. */
  HttpResponse acknowledged(@Nullable MediaType type, Receipt receipt);

  /** The answer when nothing is acknowledged. */
  HttpResponse refused(@Nullable MediaType type, RefusedException refusal);
}
