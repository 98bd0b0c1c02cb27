// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.event.redaction.KeyedHash;
import java.util.function.UnaryOperator;

/**
 * What stands for a user, as {@link KeyedHash} makes it, under a key from a logging system's
 * configuration. Thread-safe.
 */
final class UserHash implements UnaryOperator<String> {

  private final KeyedHash hash;

  /**
   * A hash with this key.
   *
   * @throws IllegalArgumentException when the key is too short or an unresolved reference; does not
   *     tell the key
   */
  UserHash(String key) {
    if (UnresolvedReference.isIn(key)) {
      throw new IllegalArgumentException(
          "userHashKey refers to a variable that is not set; it must be the key itself");
    }
    try {
      hash = KeyedHash.withKey(key.getBytes(UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("userHashKey: " + e.getMessage(), e);
    }
  }

  @Override
  public String apply(String rawId) {
    return hash.user(rawId);
  }

  /** Names the class alone: the key is a secret. */
  @Override
  public String toString() {
    return "UserHash";
  }
}
