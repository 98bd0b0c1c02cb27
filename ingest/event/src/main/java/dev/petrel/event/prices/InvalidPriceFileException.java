// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import org.jspecify.annotations.Nullable;

/**
 * A file of an operator's prices that cannot be used; its message names file, line, key and value,
 * and what is allowed.
 */
public final class InvalidPriceFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidPriceFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
