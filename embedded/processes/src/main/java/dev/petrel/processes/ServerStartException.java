// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

/** A server that did not start. The message says why and what to do, fit to be printed as it is. */
public final class ServerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServerStartException(String message) {
    super(message);
  }

  ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
