// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.WireNamed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request of which nothing is acknowledged. Its message quotes nothing of the request. */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why, and what that is in HTTP and in gRPC. */
  public enum Reason implements WireNamed {
    /** The body is not what its content type says. */
    MALFORMED("malformed", 400, 3),
    /** No token, or none that is known. */
    UNAUTHENTICATED("unauthenticated", 401, 16),
    /** More bytes than are read, before or after decompression. */
    TOO_LARGE("too_large", 413, 8),
    /** A content type or encoding that is not read here. */
    UNSUPPORTED("unsupported", 415, 12),
    /**
     * More than the source may send, or than is held at once. In gRPC as {@link #UNAVAILABLE}: for
     * OTLP senders "resource exhausted" is not worth a retry.
     */
    TOO_MANY("too_many", 429, 14),
    /** Kafka does not acknowledge. */
    UNAVAILABLE("unavailable", 503, 14);

    private final String wireName;
    private final int httpStatus;
    private final int grpcStatus;

    Reason(String wireName, int httpStatus, int grpcStatus) {
      this.wireName = wireName;
      this.httpStatus = httpStatus;
      this.grpcStatus = grpcStatus;
    }

    @Override
    public String wireName() {
      return wireName;
    }

    /** The HTTP status. */
    public int httpStatus() {
      return httpStatus;
    }

    /** The canonical code of gRPC. */
    public int grpcStatus() {
      return grpcStatus;
    }
  }

  private final Reason reason;
  private final @Nullable Duration retryAfter;

  /** A refusal that no retry mends. */
  public RefusedException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** No stack trace: what is refused can be a flood. */
  private RefusedException(Reason reason, String message, @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.reason = requireNonNull(reason, "reason");
    this.retryAfter = retryAfter;
  }

  /** A refusal of what may be sent again later. */
  public static RefusedException until(Reason reason, String message, Duration retryAfter) {
    return new RefusedException(reason, message, retryAfter);
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** The reason's words, for the sender. */
  public String message() {
    return String.valueOf(getMessage());
  }

  /** Whole seconds to wait before the next try, at least 1; null when no retry mends it. */
  public @Nullable Long retryAfterSeconds() {
    return retryAfter == null ? null : Math.max(1, (retryAfter.toMillis() + 999) / 1_000);
  }
}
