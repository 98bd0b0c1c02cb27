// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

/**
 * A request that cannot be answered as it is. The message names the parameter and what is allowed.
 */
final class BadRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BadRequestException(String message) {
    super(message);
  }
}
