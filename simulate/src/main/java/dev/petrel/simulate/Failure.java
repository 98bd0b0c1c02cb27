// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt fails: what a client sees.
 *
 * @param type why
 * @param status the HTTP status, 0 when there was no answer
 * @param providerType the provider's error type, null when there is none
 * @param code the provider's error code, null when there is none
 * @param param the parameter that the provider names, null when there is none
 * @param detail the sub-type of the error, null when there is none
 * @param exceptionClass the client's exception where there was no answer, otherwise null
 * @param message the provider's or the client's message
 */
record Failure(
    ErrorType type,
    int status,
    @Nullable String providerType,
    @Nullable String code,
    @Nullable String param,
    @Nullable String detail,
    @Nullable String exceptionClass,
    String message) {

  /** Of an error that a provider answers with. */
  static Failure answered(
      ErrorType type,
      int status,
      @Nullable String providerType,
      @Nullable String code,
      String message) {
    return new Failure(type, status, providerType, code, null, null, null, message);
  }

  /** Of a call without an answer. */
  static Failure unanswered(
      ErrorType type, String detail, Class<? extends Exception> exception, String message) {
    return new Failure(type, 0, null, null, null, detail, exception.getName(), message);
  }

  Failure withParam(String named) {
    return new Failure(type, status, providerType, code, named, detail, exceptionClass, message);
  }

  Failure withDetail(String subType) {
    return new Failure(type, status, providerType, code, param, subType, exceptionClass, message);
  }
}
