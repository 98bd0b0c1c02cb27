// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

/**
 * Why an attempt failed, in terms that call for different answers.
 *
 * <p>Providers' statuses, codes and texts map to these; the raw fields are kept beside them, so
 * that history can be classified again.
 */
public enum ErrorType implements WireNamed {
  /** A rate or concurrency limit that clears within seconds or minutes. */
  RATE_LIMIT("rate_limit", true, Fault.US),
  /** Credit, spend cap or daily quota is used up: waiting does not help. */
  QUOTA_EXHAUSTED("quota_exhausted", false, Fault.US),
  /** The provider has no capacity. */
  OVERLOADED("overloaded", true, Fault.PROVIDER),
  /** Any other 5xx of the provider. */
  SERVER_ERROR("server_error", true, Fault.PROVIDER),
  /** The provider or its gateway gave up waiting (408, 504, 524). */
  PROVIDER_TIMEOUT("provider_timeout", true, Fault.PROVIDER),
  /** The client gave up waiting; no status was received. */
  CLIENT_TIMEOUT("client_timeout", true, Fault.MIXED),
  /** The connection failed: DNS, refused, reset, unexpected end. */
  NETWORK("network", true, Fault.MIXED),
  /** The TLS handshake or a certificate failed. */
  TLS("tls", false, Fault.US),
  /** A successful status, then a cut or stalled stream; its tokens are already billed. */
  STREAM_INTERRUPTED("stream_interrupted", true, Fault.MIXED),
  /** The caller cancelled. */
  CANCELLED("cancelled", false, Fault.CALLER),
  /** The key is missing, wrong or expired. */
  AUTHENTICATION("authentication", false, Fault.US),
  /** The key is valid but not allowed to do this. */
  PERMISSION("permission", false, Fault.US),
  /** The model, deployment or resource does not exist. */
  NOT_FOUND("not_found", false, Fault.US),
  /** Prompt and requested output do not fit the model's window. */
  CONTEXT_LENGTH_EXCEEDED("context_length_exceeded", false, Fault.US),
  /** Moderation blocked the request or the answer. */
  CONTENT_FILTER("content_filter", false, Fault.CONTENT),
  /** Any other rejected request: schema, parameter, size. */
  INVALID_REQUEST("invalid_request", false, Fault.US),
  /** Nothing is known; the raw fields are all there is. */
  UNKNOWN("unknown", false, Fault.UNKNOWN);

  /** On whose side a failure has to be mended. */
  public enum Fault implements WireNamed {
    /** The organisation's own configuration, code or traffic. */
    US("us"),
    /** The provider. */
    PROVIDER("provider"),
    /** The caller of the application. */
    CALLER("caller"),
    /** What was asked or answered. */
    CONTENT("content"),
    /** Either side or the network between. */
    MIXED("mixed"),
    /** Not known. */
    UNKNOWN("unknown");

    private final String wireName;

    Fault(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }
  }

  private final String wireName;
  private final boolean retryable;
  private final Fault fault;

  ErrorType(String wireName, boolean retryable, Fault fault) {
    this.wireName = wireName;
    this.retryable = retryable;
    this.fault = fault;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** Whether the same request can succeed later without any change. */
  public boolean retryable() {
    return retryable;
  }

  /** On whose side this has to be mended. */
  public Fault fault() {
    return fault;
  }
}
