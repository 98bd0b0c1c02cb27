// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

/** A contender's result is not the truth; the message says which and by how much. */
public final class WrongResultException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** With a message that says what is wrong. */
  public WrongResultException(String message) {
    super(message);
  }
}
