// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

/** How one attempt ended. Separate from {@link ErrorType}, which says why a failed one failed. */
public enum Outcome implements WireNamed {
  /** A complete answer. */
  SUCCESS("success"),
  /** An answer cut off at a token limit. */
  TRUNCATED("truncated"),
  /** An answer withheld by the provider's content policy, with a successful status. */
  REFUSED("refused"),
  /** No usable answer. */
  ERROR("error"),
  /** Given up by the caller. */
  CANCELLED("cancelled");

  private final String wireName;

  Outcome(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** Whether an event with this outcome may carry an {@code error_type}. */
  public boolean mayHaveErrorType() {
    return this == ERROR || this == CANCELLED || this == REFUSED;
  }
}
