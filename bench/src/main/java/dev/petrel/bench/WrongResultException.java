// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

/** A contender's result is not the truth; the message says which and by how much. */
final class WrongResultException extends RuntimeException {

  private static final long serialVersionUID = 1;

  WrongResultException(String message) {
    super(message);
  }
}
