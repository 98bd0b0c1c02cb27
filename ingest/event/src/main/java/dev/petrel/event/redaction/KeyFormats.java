// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static dev.petrel.event.redaction.CharClass.ALNUM;
import static dev.petrel.event.redaction.CharClass.BASE64;
import static dev.petrel.event.redaction.CharClass.DOTTED;
import static dev.petrel.event.redaction.CharClass.HEX;
import static dev.petrel.event.redaction.CharClass.WORD;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of secrets that are known by what they look like.
 *
 * <p>Minimum lengths are below those of real keys, where that does no harm: lengths change, and a
 * key may have been cut or mistyped. Of two formats that match, the one further up names the kind.
 */
final class KeyFormats {

  /** The rules of gitleaks, of July 2026, are the source unless another one is named. */
  private static final List<WordFormat> ALL =
      List.of(
          // The four of OpenAI; sk-None- are keys of before projects had names
          // (platform.openai.com).
          key("openai-key", "sk-proj-", WORD, 8),
          key("openai-key", "sk-svcacct-", WORD, 8),
          key("openai-key", "sk-admin-", WORD, 8),
          key("openai-key", "sk-None-", WORD, 8),
          key("anthropic-key", "sk-ant-", WORD, 8),
          key("openrouter-key", "sk-or-", WORD, 8),
          // Legacy OpenAI, DeepSeek, LiteLLM's virtual keys and most servers that speak OpenAI's
          // API.
          key("api-key", "sk-", WORD, 16),
          // Google: API keys, the newer keys bound to an account (AI Studio), OAuth tokens and
          // secrets.
          key("google-api-key", "AIza", WORD, 30),
          key("google-api-key", "AQ.", WORD, 30),
          key("google-oauth-token", "ya29.", DOTTED, 20),
          key("google-oauth-secret", "GOCSPX-", WORD, 20),
          key("huggingface-token", "hf_", ALNUM, 30),
          key("huggingface-token", "api_org_", ALNUM, 30),
          // Ids of long-lived, temporary, bearer and context-bound AWS credentials.
          key("aws-access-key-id", "AKIA", ALNUM, 16),
          key("aws-access-key-id", "ASIA", ALNUM, 16),
          key("aws-access-key-id", "ABIA", ALNUM, 16),
          key("aws-access-key-id", "ACCA", ALNUM, 16),
          key("aws-access-key-id", "A3T", ALNUM, 17),
          key("bedrock-key", "ABSK", BASE64, 60),
          key("bedrock-key", "bedrock-api-key-", BASE64, 20),
          key("perplexity-key", "pplx-", ALNUM, 40),
          // The providers' own documentation and keys in public configuration examples.
          key("groq-key", "gsk_", ALNUM, 40),
          key("xai-key", "xai-", ALNUM, 40),
          key("replicate-token", "r8_", ALNUM, 30),
          key("together-key", "tgp_v1_", WORD, 30),
          key("fireworks-key", "fw_", ALNUM, 20),
          key("cerebras-key", "csk-", ALNUM, 30),
          key("nvidia-key", "nvapi-", WORD, 40),
          key("voyage-key", "pa-", WORD, 40),
          key("anyscale-key", "esecret_", ALNUM, 20),
          key("tavily-key", "tvly-", WORD, 20),
          key("pinecone-key", "pcsk_", WORD, 30),
          key("langsmith-key", "lsv2_", WORD, 30),
          key("databricks-token", "dapi", HEX, 32),
          // What tools around a model call carry.
          key("github-token", "github_pat_", WORD, 20),
          key("github-token", "ghp_", ALNUM, 30),
          key("github-token", "gho_", ALNUM, 30),
          key("github-token", "ghu_", ALNUM, 30),
          key("github-token", "ghs_", ALNUM, 30),
          key("github-token", "ghr_", ALNUM, 30),
          key("gitlab-token", "glpat-", WORD, 20),
          key("slack-token", "xoxb-", WORD, 10),
          key("slack-token", "xoxa-", WORD, 10),
          key("slack-token", "xoxp-", WORD, 10),
          key("slack-token", "xoxr-", WORD, 10),
          key("slack-token", "xoxs-", WORD, 10),
          key("slack-token", "xoxe-", WORD, 10),
          key("slack-token", "xoxe.", DOTTED, 10),
          key("slack-token", "xapp-", WORD, 10),
          path("slack-webhook", "hooks.slack.com/services/"),
          path("slack-webhook", "hooks.slack.com/workflows/"),
          path("slack-webhook", "hooks.slack.com/triggers/"),
          path("discord-webhook", "discord.com/api/webhooks/"),
          key("stripe-key", "sk_live_", ALNUM, 10),
          key("stripe-key", "sk_test_", ALNUM, 10),
          key("stripe-key", "rk_live_", ALNUM, 10),
          key("sendgrid-key", "SG.", DOTTED, 60),
          key("vault-token", "hvs.", WORD, 20),
          key("npm-token", "npm_", ALNUM, 30),
          // RFC 7519; any base64url of a JSON object starts so, and is treated as one.
          key("jwt", "eyJ", DOTTED, 17),
          // RFC 6750 and RFC 7617, without their header's name.
          new AnnouncedToken("bearer-token", "bearer", CharClass.of("A-Za-z0-9_.~+/-"), 8, true),
          new AnnouncedToken("basic-credentials", "basic", BASE64, 8, true),
          // Keys without a prefix: Mistral (32), Cohere (40), Azure (32 hex, 84), Together (64
          // hex).
          new AnnouncedToken("api-key", "key", ALNUM, 20, false),
          new AnnouncedToken("token", "token", ALNUM, 20, false));

  /** The formats of one first character, and the second characters that they have. */
  private record Starting(List<WordFormat> formats, CharClass second) {}

  private static final Starting[] BY_FIRST_CHARACTER = new Starting[128];

  static {
    for (char c = 0; c < BY_FIRST_CHARACTER.length; c++) {
      List<WordFormat> formats = new ArrayList<>();
      CharClass second = CharClass.of("");
      for (WordFormat format : ALL) {
        for (String start : format.starts()) {
          if (start.charAt(0) == c) {
            second = second.or(CharClass.of(start.substring(1)));
            if (!formats.contains(format)) {
              formats.add(format);
            }
          }
        }
      }
      BY_FIRST_CHARACTER[c] = new Starting(List.copyOf(formats), second);
    }
  }

  private KeyFormats() {}

  /** The secret of the word that starts at {@code i}, or is announced by it; null when none is. */
  static @Nullable Secret at(Window window, int i) {
    return at(window, i, true);
  }

  /** As {@link #at}, but only of keys that start at {@code i} themselves. */
  static @Nullable Secret keyAt(Window window, int i) {
    return at(window, i, false);
  }

  private static @Nullable Secret at(Window window, int i, boolean announced) {
    char first = window.at(i);
    if (first >= BY_FIRST_CHARACTER.length) {
      return null;
    }
    Starting starting = BY_FIRST_CHARACTER[first];
    if (starting.second().has(window.at(i + 1))) {
      for (WordFormat format : starting.formats()) {
        Secret secret = announced || format instanceof KeyFormat ? format.at(window, i) : null;
        if (secret != null) {
          return secret;
        }
      }
    }
    return null;
  }

  private static WordFormat key(String kind, String prefix, CharClass body, int minBody) {
    return new KeyFormat(kind, prefix, body, minBody, false);
  }

  /** A host and path that whoever knows what follows may post to. */
  private static WordFormat path(String kind, String prefix) {
    return new KeyFormat(kind, prefix, BASE64, 10, true);
  }
}
