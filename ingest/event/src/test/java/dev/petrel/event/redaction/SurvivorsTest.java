// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no secret and must survive, as people need it to find their call or understand it. */
class SurvivorsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "chatcmpl-9XyZ1AbCdEfGhIjKlMnOpQrStUvWx",
        "req_011CSHoEeqs5C35K2UUqR7Fy",
        "req_4f9a7f0f4bd84a3a9d5f27f8c1b0a6de",
        "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
        "msg_01XFDUDYJgAACzvnptvVoYEL",
        "rs_00a00bb000c000000dd0ee0ff0000g0h0000i0jj000k0l00",
        "org-AbCdEfGhIjKlMnOpQrStUvWx",
        "org_01hxyzabcdefghjkmnpqrstvwx",
        "proj_AbCdEfGhIjKlMnOpQrStUvWx",
        "asst_abc123 thread_abc123 run_abc123 call_abc123 toolu_01A09q90qw90lq917835lq9",
        "fp_44709d6fcb",
        "user_2abcDEF0123456789ghijklmnop",
        "gpt-4o-2024-08-06",
        "claude-sonnet-4-5-20250929",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-haiku-v1:0",
        "ft:gpt-3.5-turbo-0125:org-name:custom-suffix:9AbCdEfG",
        "pplx-7b-online and pplx-70b-chat",
        "models/gemini-2.5-flash, hf_hub, fw_version, r8_x, sk-learn",
        "meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8",
        "accounts/fireworks/models/llama-v3p1-405b-instruct",
        "550e8400-e29b-41d4-a716-446655440000",
        "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "image@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "version: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "task-0123456789abcdefghijklmnop",
        "risk-assessment-of-0123456789abcdef",
        "desk-0123456789abcdefghijkl disk-0123456789abcdefghijkl",
        "max_tokens=1000",
        "tokens: 5000",
        "total_tokens: 123456789012345678, \"prompt_tokens\": 1234567890123456",
        "token limit: 5000",
        "Invalid token in prompt: 123456. Minimum value is 0, maximum value is 100257 (inclusive).",
        "'type': 'tokens', 'param': None, 'code': 'rate_limit_exceeded'",
        "token: 5000",
        "api key not valid",
        "API key not valid. Please pass a valid API key.",
        "{\"reason\": \"API_KEY_INVALID\", \"domain\": \"googleapis.com\"}",
        "{\"message\":\"invalid x-api-key\"}",
        "{\"type\":\"invalid_api_key\",\"code\":401}",
        "('body', 'api_key'), ('invalid_api_key', 'type')",
        "api_key: Field required",
        "{\"api_key\": \"Field required\", \"password\": [\"This field is required.\"]}",
        "{\"api_key\": null, \"token\": {\"type\": \"string\"}, \"password\": true, \"secret\": \"\"}",
        "api_key=None, organization=None",
        "Missing API key: please set OPENAI_API_KEY",
        "Your API key: https://platform.openai.com/account/api-keys",
        "Set the OPENAI_API_KEY environment variable, or pass api_key to the client.",
        "The security token included in the request is expired",
        "You need to use Bearer authentication or basic authentication with a password",
        "Bearer token is missing. Basic auth (RFC 7617), bearer Authorization",
        "No cookie auth credentials found",
        "monkey: banana42banana42banana, turkey=1, keyboard: qwerty, author: a, design=b",
        "token_type=Bearer expires_in=3600, secret_name=foo, tokenizer=cl100k_base, passwords: 5",
        "Idempotency-Key: 550e8400-e29b-41d4-a716-446655440000, prompt_cache_key=user-123",
        "API key ending in: a1b2, at com.acme.Vault.secret(Vault.java:12), session: 42",
        "cache key: user:42:profile",
        "key: claude-sonnet-4-5-20250929",
        "key: 550e8400-e29b-41d4-a716-446655440000",
        "https://api.openai.com/v1/chat/completions",
        "https://h:8443/p?model=gpt-4o&api-version=2024-10-21&keyword=a&tokens=5",
        "http://[::1]:9200/x, http://h:80), http://h:80",
        "https://medium.com/@user/story, mail ada@example.com, ssh://git@github.com/a/b",
        "jdbc:postgresql://h:5432/db?ssl=true",
        "2026-11-24T12:00:00Z 12:34:56 a=b c:d",
        "**bold** and ***both***, ---, ....., ************************",
        "Loading… please wait... and so on",
        "-----BEGIN CERTIFICATE-----",
        "---------------------------------------------",
        "C:\\new\\table\\secretary",
        "100%25 of 50% %zz %",
        "漢字：キー 🐦 ключ: значение",
        "a ~ b, x8Q~ and 12345Q~",
        "data:text/plain;base64,SGVsbG8sIFdvcmxkIQ==",
        "[redacted:openai-key] and api_key=[redacted:api-key]: x",
      })
  void redact_leavesAloneWhatIsNoSecret(String text) {
    assertThat(Redactor.standard().redact(text)).isSameAs(text);
  }

  @Test
  void redact_leavesTheSentenceAroundAnExampleAlone() {
    String text =
        "You didn't provide an API key. You need to provide your API key in an Authorization header"
            + " using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field"
            + " (with blank username)";
    assertThat(Redactor.standard().redact(text))
        .isEqualTo(text.replace("YOUR_KEY", "[redacted:authorization]"));
  }
}
