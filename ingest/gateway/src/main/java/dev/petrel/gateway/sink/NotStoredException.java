// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.sink;

/** Events of which it is not known that they are durable; the sender should send them again. */
public final class NotStoredException extends Exception {

  private static final long serialVersionUID = 1L;

  /** No stack trace: while Kafka is away there is one of these for each request. */
  public NotStoredException(String message) {
    super(message, null, false, false);
  }
}
