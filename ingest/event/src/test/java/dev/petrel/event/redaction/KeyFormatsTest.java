// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.redaction.SampleSecrets.Sample;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyFormatsTest {
  private static final Redactor REDACTOR = Redactor.standard();

  /** What can stand around a key: each with the key in the place of the %s. */
  private static final List<String> SURROUNDINGS =
      List.of(
          "%s",
          "call with %s failed",
          "Incorrect key (%s).",
          "\"%s\"",
          "'%s'",
          "`%s`",
          "{\"error\":{\"message\":\"no such key %s, sorry\"}}",
          "{\\\"message\\\":\\\"%s\\\"}",
          "line\\n%s\\nline",
          "line\\\\n%s\\\\nline",
          "{'headers': {'x': '%s'}}",
          "<td>%s</td>",
          "GET https://host/v1/models/%s?x=y",
          "https%%3A%%2F%%2Fhost%%3Fx%%3D%s%%26y%%3Dz",
          "a\\u003d%s\\u0026b",
          "\u001b[31m%s\u001b[0m",
          "键%s。请",
          "🐦%s🐦",
          "…%s",
          "[%s]",
          "x/%s,y");

  static Stream<Sample> samples() {
    return new SampleSecrets(new Random(20261124)).all().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void redact_replacesTheWholeKeyWhateverIsAroundIt(Sample sample) {
    for (String surrounding : SURROUNDINGS) {
      String text = surrounding.formatted(sample.secret());
      String redacted = REDACTOR.redact(text);
      assertThat(redacted).as(surrounding).isEqualTo(surrounding.formatted(token(sample.kind())));
      assertThat(REDACTOR.redact(redacted)).as("twice").isSameAs(redacted);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void redact_knowsAKeyThatTheEndOfTheTextCuts(Sample sample) {
    for (int length = 5; length < sample.body().length(); length++) {
      String cut = sample.body().substring(0, length);
      // Less, or a plain word, is not known for a key; nor is it of use to anybody.
      if (cut.matches(".*[A-Z0-9].*") && !cut.endsWith(".")) {
        assertThat(REDACTOR.redact("refused: " + sample.prefix() + cut))
            .isEqualTo("refused: " + token(sample.kind()));
      }
    }
  }

  @Test
  void redact_replacesMaskedKeys() {
    assertThat(REDACTOR.redact("Incorrect API key provided: sk-" + "WRQsP***…xQBt. You can"))
        .isEqualTo("Incorrect API key provided: [redacted:api-key]. You can");
    assertThat(REDACTOR.redact("provided: sk-" + "proj-********************abcd."))
        .isEqualTo("provided: [redacted:openai-key].");
    assertThat(REDACTOR.redact("Received API Key = sk-" + "...fG7h, Key Hash (Token) =" + HASH))
        .isEqualTo("Received API Key = [redacted:api-key], Key Hash (Token) =[redacted:token]");
    assertThat(REDACTOR.redact("used AIza••••••••Q3k here"))
        .isEqualTo("used [redacted:google-api-key] here");
    assertThat(REDACTOR.redact("used sk-" + "ant-api03…x9 here"))
        .isEqualTo("used [redacted:anthropic-key] here");
    assertThat(REDACTOR.redact("Incorrect API key provided: bad-key-**********test. You"))
        .isEqualTo("Incorrect API key provided: [redacted:api-key]. You");
    assertThat(REDACTOR.redact("Incorrect API key provided: <not-a-r****key>. You"))
        .isEqualTo("Incorrect API key provided: <[redacted:api-key]>. You");
    assertThat(REDACTOR.redact("Incorrect API key provided: ***********. You"))
        .isEqualTo("Incorrect API key provided: [redacted:api-key]. You");
    assertThat(REDACTOR.redact("Your api key: ****-key is invalid"))
        .isEqualTo("Your api key: [redacted:api-key] is invalid");
    assertThat(REDACTOR.redact("refused bad-key-****test and ●●●●●●ab12"))
        .isEqualTo("refused [redacted:masked-key] and [redacted:masked-key]");
  }

  @Test
  void redact_replacesPrivateKeys() {
    SampleSecrets secrets = new SampleSecrets(new Random(7));
    assertThat(REDACTOR.redact("key:\n" + secrets.privateKey("\n") + "\nnext"))
        .isEqualTo("key:\n[redacted:private-key]\nnext");
    assertThat(
            REDACTOR.redact("{\"private_key\":\"" + secrets.privateKey("\\n") + "\\n\",\"a\":1}"))
        .isEqualTo("{\"private_key\":\"[redacted:private-key]\",\"a\":1}");
    String cut = secrets.privateKey("\n").substring(0, 300);
    assertThat(REDACTOR.redact("key " + cut)).isEqualTo("key [redacted:private-key]");
    String certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    assertThat(REDACTOR.redact(certificate)).isSameAs(certificate);
  }

  @Test
  void redact_keepsTheHostOfAWebhook() {
    String path = new SampleSecrets(new Random(7)).text(SampleSecrets.UPPER, 9);
    assertThat(
            REDACTOR.redact("POST https://hooks.slack" + ".com/services/T" + path + "/B1/x: 404"))
        .isEqualTo("POST https://hooks.slack.com/services/[redacted:slack-webhook]: 404");
    assertThat(
            REDACTOR.redact("https:\\/\\/hooks.slack" + ".com\\/services\\/T" + path + "\\/B1\\/x"))
        .doesNotContain(path);
  }

  private static final String HASH =
      "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b";

  static String token(String kind) {
    return "[redacted:" + kind + "]";
  }
}
