// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as Standard Webhooks 1.0 lays down: HMAC-SHA256 over id, time and body, so that a
 * receiver can tell who sent a request, that it is unchanged, and that it is not an old one sent
 * again. Immutable, thread-safe.
 *
 * @see <a
 *     href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">The
 *     specification</a>
 */
public final class WebhookSignature {

  private static final String PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_KEY = 24;
  private static final int MAX_KEY = 64;

  private final SecretKeySpec key;

  private WebhookSignature(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * Reads a secret.
   *
   * @param secret {@code whsec_} and 24 to 64 random bytes in base64
   * @throws IllegalArgumentException when it is no such text; the message does not show it
   */
  public static WebhookSignature withSecret(String secret) {
    byte[] key;
    try {
      key =
          Base64.getDecoder()
              .decode(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : "?");
    } catch (IllegalArgumentException e) {
      key = new byte[0];
    }
    if (key.length < MIN_KEY || key.length > MAX_KEY) {
      throw new IllegalArgumentException(
          "secret: must be whsec_ and the base64 of %d to %d random bytes"
              .formatted(MIN_KEY, MAX_KEY));
    }
    return new WebhookSignature(key);
  }

  /**
   * The headers of a request.
   *
   * @param id the same whenever the same is sent again
   * @param epochSeconds when it is sent
   */
  Map<String, String> headers(String id, long epochSeconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((id + "." + epochSeconds + ".").getBytes(StandardCharsets.UTF_8));
      return Map.of(
          "webhook-id",
          id,
          "webhook-timestamp",
          Long.toString(epochSeconds),
          "webhook-signature",
          "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "WebhookSignature{}";
  }
}
