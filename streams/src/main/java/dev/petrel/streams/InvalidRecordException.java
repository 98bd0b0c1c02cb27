// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.InvalidEventException;

/** Carries an {@link InvalidEventException} to {@link DeadLetterHandler}. */
final class InvalidRecordException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final InvalidEventException defect;

  InvalidRecordException(InvalidEventException defect) {
    super(defect.getMessage(), defect, false, false);
    this.defect = defect;
  }

  InvalidEventException defect() {
    return defect;
  }
}
