// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import dev.petrel.event.ErrorType;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed, and what it said of itself, word for word.
 *
 * @param type the kind of failure; {@code UNKNOWN} when no rule knows it
 * @param detail the sub-type, for example {@code connect} or {@code request_too_large}; null when
 *     there is none
 * @param retryable whether the same request can succeed later without any change; the provider's
 *     own word ({@code x-should-retry}) goes before the type's
 * @param rule the rule that decided, {@code none} when none did
 * @param status the HTTP status, the report's or the one its text names; null when unknown
 * @param providerType the provider's error type as sent, null when it sent none
 * @param providerCode the provider's error code as sent, null when it sent none
 * @param providerParam the parameter that the provider names, null when it names none
 * @param exception simple name of the exception, of the thrown or of the one the text names; null
 *     when there is none
 * @param message the provider's or client's message, <em>not redacted</em>; null when there is none
 * @param requestId the request id that headers or body carry, null when there is none
 * @param retryAfterMs what the provider asked to wait, in ms; null when it did not ask
 */
public record Classification(
    ErrorType type,
    @Nullable String detail,
    boolean retryable,
    String rule,
    @Nullable Integer status,
    @Nullable String providerType,
    @Nullable String providerCode,
    @Nullable String providerParam,
    @Nullable String exception,
    @Nullable String message,
    @Nullable String requestId,
    @Nullable Long retryAfterMs) {

  /** What {@link #rule} is when no rule matches. */
  public static final String NO_RULE = "none";

  /** On whose side this has to be mended. */
  public ErrorType.Fault fault() {
    return type.fault();
  }

  /** Without the message: it may quote a prompt or a key. */
  @Override
  public String toString() {
    return "Classification{%s, detail=%s, rule=%s}".formatted(type.wireName(), detail, rule);
  }
}
