// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import java.util.List;
import java.util.Random;

/**
 * Secrets of every kind, made up at random and put together from parts, so that no scanner takes
 * the sources for leaked ones.
 */
final class SampleSecrets {
  static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  static final String UPPER = LOWER.toUpperCase(java.util.Locale.ROOT);
  static final String DIGITS = "0123456789";
  static final String ALNUM = LOWER + UPPER + DIGITS;
  static final String WORD = ALNUM + "_-";
  static final String BASE64 = ALNUM + "+/";
  static final String HEX = DIGITS + "abcdef";

  /** A secret that its form gives away, and the kind that its token names. */
  record Sample(String kind, String prefix, String body) {

    String secret() {
      return prefix + body;
    }

    @Override
    public String toString() {
      return kind + " " + prefix + "…";
    }
  }

  private final Random random;

  SampleSecrets(Random random) {
    this.random = random;
  }

  /** One of each format of the table. */
  List<Sample> all() {
    return List.of(
        sample("openai-key", "sk", "-proj-", text(WORD, 74), "T3Blbk" + "FJ", text(WORD, 74)),
        sample("openai-key", "sk", "-proj-", text(WORD, 58), "T3Blbk" + "FJ", text(WORD, 58)),
        sample("openai-key", "sk", "-svcacct-", text(WORD, 74), "T3Blbk" + "FJ", text(WORD, 74)),
        sample("openai-key", "sk", "-admin-", text(WORD, 58), "T3Blbk" + "FJ", text(WORD, 58)),
        sample("openai-key", "sk", "-None-", text(ALNUM, 48)),
        sample("api-key", "sk", "-", text(ALNUM, 20), "T3Blbk" + "FJ", text(ALNUM, 20)),
        sample("api-key", "sk", "-", text(HEX, 32)),
        sample("api-key", "sk", "-", text(ALNUM, 22)),
        sample("anthropic-key", "sk", "-ant-", "api03-", text(WORD, 93), "AA"),
        sample("anthropic-key", "sk", "-ant-", "admin01-", text(WORD, 93), "AA"),
        sample("anthropic-key", "sk", "-ant-", "oat01-", text(WORD, 86)),
        sample("openrouter-key", "sk", "-or-", "v1-", text(HEX, 64)),
        sample("google-api-key", "AI", "za", text(WORD, 34), text(ALNUM, 1)),
        sample("google-api-key", "AQ", ".", "Ab", text(WORD, 48)),
        sample("google-oauth-token", "ya", "29.", text(WORD, 120)),
        sample("google-oauth-secret", "GOC", "SPX-", text(WORD, 28)),
        sample("huggingface-token", "hf", "_", text(LOWER + UPPER, 34)),
        sample("huggingface-token", "api", "_org_", text(LOWER + UPPER, 34)),
        sample("aws-access-key-id", "AK", "IA", text(UPPER + "234567", 16)),
        sample("aws-access-key-id", "AS", "IA", text(UPPER + "234567", 16)),
        sample("aws-access-key-id", "AB", "IA", text(UPPER + "234567", 16)),
        sample("aws-access-key-id", "AC", "CA", text(UPPER + "234567", 16)),
        sample("aws-access-key-id", "A3", "T", text(UPPER + "234567", 17)),
        sample("bedrock-key", "AB", "SK", text(BASE64, 128), "=="),
        sample("bedrock-key", "bedrock-", "api-key-", text(BASE64, 200)),
        sample("perplexity-key", "pp", "lx-", text(ALNUM, 48)),
        sample("groq-key", "gs", "k_", text(ALNUM, 52)),
        sample("xai-key", "xa", "i-", text(ALNUM, 80)),
        sample("replicate-token", "r", "8_", text(ALNUM, 37)),
        sample("together-key", "tg", "p_v1_", text(WORD, 43)),
        sample("fireworks-key", "fw", "_", text(ALNUM, 24)),
        sample("cerebras-key", "cs", "k-", text(LOWER + DIGITS, 48)),
        sample("nvidia-key", "nv", "api-", text(WORD, 64)),
        sample("voyage-key", "p", "a-", text(WORD, 43)),
        sample("anyscale-key", "esec", "ret_", text(ALNUM, 32)),
        sample("tavily-key", "tv", "ly-", "dev-", text(ALNUM, 32)),
        sample("pinecone-key", "pc", "sk_", text(ALNUM, 6), "_", text(ALNUM, 60)),
        sample("langsmith-key", "ls", "v2_pt_", text(HEX, 32), "_", text(HEX, 10)),
        sample("databricks-token", "da", "pi", text(HEX, 32)),
        sample("github-token", "gh", "p_", text(ALNUM, 36)),
        sample("github-token", "gh", "o_", text(ALNUM, 36)),
        sample("github-token", "gh", "u_", text(ALNUM, 36)),
        sample("github-token", "gh", "s_", text(ALNUM, 36)),
        sample("github-token", "gh", "r_", text(ALNUM, 76)),
        sample("github-token", "github", "_pat_", text(ALNUM, 22), "_", text(ALNUM, 59)),
        sample("gitlab-token", "gl", "pat-", text(WORD, 20)),
        sample("slack-token", "xo", "xb-", text(DIGITS, 12), "-", text(ALNUM, 24)),
        sample("slack-token", "xo", "xp-", text(DIGITS, 12), "-", text(ALNUM, 32)),
        sample("slack-token", "xo", "xa-2-", text(ALNUM, 32)),
        sample("slack-token", "xo", "xr-", text(ALNUM, 32)),
        sample("slack-token", "xo", "xs-", text(ALNUM, 32)),
        sample("slack-token", "xo", "xe-1-", text(ALNUM, 146)),
        sample("slack-token", "xo", "xe.", "xo" + "xb-1-", text(ALNUM, 163)),
        sample("slack-token", "xa", "pp-1-", text(ALNUM, 11), "-", text(DIGITS, 13)),
        sample("stripe-key", "sk", "_live_", text(ALNUM, 24)),
        sample("stripe-key", "sk", "_test_", text(ALNUM, 24)),
        sample("stripe-key", "rk", "_live_", text(ALNUM, 24)),
        sample("sendgrid-key", "S", "G.", text(ALNUM, 22), ".", text(ALNUM, 43)),
        sample("vault-token", "hv", "s.", text(ALNUM, 92)),
        sample("npm-token", "np", "m_", text(ALNUM, 36)),
        jwt(),
        sample(
            "azure-client-secret", text(ALNUM, 3) + text(DIGITS, 1), "Q" + "~", text(ALNUM, 34)));
  }

  Sample jwt() {
    return sample(
        "jwt", "ey", "J", text(ALNUM, 33), ".ey", "J", text(WORD, 80), ".", text(WORD, 43));
  }

  String privateKey(String lineEnd) {
    StringBuilder pem = new StringBuilder("-----BEGIN " + "RSA PRIVATE " + "KEY-----");
    for (int line = 0; line < 12; line++) {
      pem.append(lineEnd).append(text(BASE64, 64));
    }
    return pem.append(lineEnd).append("-----END " + "RSA PRIVATE " + "KEY-----").toString();
  }

  String text(String alphabet, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static Sample sample(String kind, String prefix, String prefixEnd, String... body) {
    return new Sample(kind, prefix + prefixEnd, String.join("", body));
  }
}
