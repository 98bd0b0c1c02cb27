// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.index;

import org.jspecify.annotations.Nullable;

/** A call that OpenSearch did not answer, or answered with an error. The message is for people. */
public final class OpenSearchCallException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  OpenSearchCallException(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** The HTTP status; 0 when there was no answer. */
  public int status() {
    return status;
  }
}
