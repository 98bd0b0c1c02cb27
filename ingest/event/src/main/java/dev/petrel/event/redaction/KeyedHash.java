// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A hash under a key of the deployment (HMAC-SHA-256, RFC 2104), which stands in for users and API
 * keys: equal ones are known as equal, and nobody without the key can find out by guessing who it
 * is, as with plain hashes of e-mail addresses.
 *
 * <p>All instances of a deployment need the same key; under another one every user is a new user. A
 * result is the start of {@code HMAC(key, UTF-8 of the text)} in lower-case hex, so that services
 * in other languages come to the same.
 *
 * <p>Takes about a microsecond, which is little enough for a caller's thread. Thread-safe.
 */
public final class KeyedHash {

  private static final String ALGORITHM = "HmacSHA256";

  /** 128 bits: below that, the key is what would be guessed. */
  private static final int MIN_KEY_BYTES = 16;

  /** 32 bits: tells the few credentials of a deployment from each other, and says no more. */
  private static final int CREDENTIAL_BYTES = 4;

  /** 64 bits: with a million users, the odds of any two having one hash are 1 in 37 million. */
  private static final int USER_BYTES = 8;

  /** Never used itself: a Mac is not thread-safe, and copying one is cheaper than making it. */
  private final Mac keyed;

  private KeyedHash(Mac keyed) {
    this.keyed = keyed;
  }

  /**
   * A hash under this key, which is copied.
   *
   * @throws IllegalArgumentException when the key has less than 16 bytes
   */
  public static KeyedHash withKey(byte[] key) {
    if (key.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "key must have at least " + MIN_KEY_BYTES + " bytes, had " + key.length);
    }
    try {
      Mac keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(key, ALGORITHM));
      return new KeyedHash(keyed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is missing, though every JDK must have it", e);
    }
  }

  /** The fingerprint of an API key, for {@code credential}: 8 hex digits. */
  public String credential(String apiKey) {
    return hash(apiKey, CREDENTIAL_BYTES);
  }

  /** What stands for a user, for {@code user}: 16 hex digits. */
  public String user(String userId) {
    return hash(userId, USER_BYTES);
  }

  private String hash(String text, int bytes) {
    try {
      Mac mac = (Mac) keyed.clone();
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)), 0, bytes);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(
          "the security provider of " + ALGORITHM + " cannot copy it: " + keyed.getProvider(), e);
    }
  }

  /** Names the algorithm, and nothing of the key. */
  @Override
  public String toString() {
    return "KeyedHash{" + ALGORITHM + "}";
  }
}
