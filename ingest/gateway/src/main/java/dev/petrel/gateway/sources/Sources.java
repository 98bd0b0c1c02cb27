// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.sources;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All who may write, known by bearer tokens (RFC 6750). Only the tokens' SHA-256 is kept, so that
 * looking one up takes as long whatever is guessed. Immutable and thread-safe.
 */
public final class Sources {

  private static final String SCHEME = "bearer ";

  private final Map<String, Source> byTokenHash;
  private final @Nullable Source anyone;

  private Sources(Map<String, Source> byTokenHash, @Nullable Source anyone) {
    this.byTokenHash = Map.copyOf(byTokenHash);
    this.anyone = anyone;
  }

  /** Everyone, for all tenants, without limit. */
  public static Sources anyone() {
    return new Sources(Map.of(), Source.trusted("anonymous"));
  }

  /** Those with one of these tokens, by the token's SHA-256 in lower-case hex. */
  static Sources withTokens(Map<String, Source> byTokenHash) {
    return new Sources(byTokenHash, null);
  }

  /**
   * Who sends a request.
   *
   * @param authorization the header {@code Authorization}, null when there is none
   * @return null when it is nobody who may write
   */
  public @Nullable Source of(@Nullable String authorization) {
    if (anyone != null) {
      return anyone;
    }
    if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return null;
    }
    return byTokenHash.get(hash(authorization.substring(SCHEME.length()).strip()));
  }

  static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** How many there are; nothing of the tokens. */
  @Override
  public String toString() {
    return "Sources{" + (anyone != null ? "anyone" : byTokenHash.size() + " tokens") + "}";
  }
}
