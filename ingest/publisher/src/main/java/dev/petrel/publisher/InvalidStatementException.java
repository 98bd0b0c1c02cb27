// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

/** A log statement that tells of a call but makes no valid event. Its message quotes no text. */
public final class InvalidStatementException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String field;

  InvalidStatementException(String field, RuntimeException cause) {
    // No stack trace: the statement may be logged a thousand times a second.
    super(String.valueOf(cause.getMessage()), null, false, false);
    this.field = field;
  }

  /** The JSON name of the field at fault. */
  public String field() {
    return field;
  }
}
