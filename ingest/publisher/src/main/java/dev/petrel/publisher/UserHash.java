// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The pseudonym of a user: the first 16 hexadecimal digits of HMAC-SHA-256 over the raw id in
 * UTF-8. Without the key nobody can find the id again by trying likely ones, as with a plain hash.
 *
 * <p>Thread-safe; about a microsecond a user.
 */
final class UserHash implements UnaryOperator<String> {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_KEY_BYTES = 16;
  private static final int BYTES = 8;

  /** What Log4j2 and Logback leave of a reference that leads nowhere; both are public. */
  private static final Pattern UNRESOLVED =
      Pattern.compile(".*\\$\\{.*|.*_IS_UNDEFINED", Pattern.DOTALL);

  private final SecretKeySpec key;

  /**
   * A hash with this key.
   *
   * @throws IllegalArgumentException when the key is too short or an unresolved reference; does not
   *     tell the key
   */
  UserHash(String key) {
    if (UNRESOLVED.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "userHashKey refers to a variable that is not set; it must be the key itself");
    }
    byte[] bytes = key.getBytes(UTF_8);
    if (bytes.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "userHashKey must have at least " + MIN_KEY_BYTES + " bytes, had " + bytes.length);
    }
    this.key = new SecretKeySpec(bytes, ALGORITHM);
    apply(""); // a JVM without the algorithm is told of now
  }

  @Override
  public String apply(String rawId) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(rawId.getBytes(UTF_8)), 0, BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is not available", e);
    }
  }

  /** Names the class alone: the key is a secret. */
  @Override
  public String toString() {
    return "UserHash";
  }
}
