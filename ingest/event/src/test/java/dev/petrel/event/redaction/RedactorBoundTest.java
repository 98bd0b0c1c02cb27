// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.petrel.event.redaction.SampleSecrets.Sample;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedactorBoundTest {
  private static final Redactor REDACTOR = Redactor.standard();

  static Stream<Sample> samples() {
    return KeyFormatsTest.samples();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void redact_leavesNothingOfAKeyThatTheCutSplits(Sample sample) {
    String text = "refused: " + sample.secret() + " and more";
    String redacted = "refused: " + KeyFormatsTest.token(sample.kind()) + " and more";
    int start = "refused: ".length();
    for (int cut = start + 1; cut < text.length(); cut++) {
      // The token comes as a whole or not at all.
      String expected = cut < redacted.indexOf(']') + 1 ? "refused: " : redacted;
      assertThat(REDACTOR.redact(text, cut))
          .isEqualTo(expected.substring(0, Math.min(expected.length(), kept(text, redacted, cut))));
    }
  }

  /** What is after the key in a text cut here, is after the token too. */
  private static int kept(String text, String redacted, int cut) {
    int behind = Math.max(0, cut - (text.length() - " and more".length()));
    return Math.min(cut, redacted.length() - " and more".length() + behind);
  }

  @Test
  void redact_leavesNothingOfNamedAndUrlSecretsThatTheCutSplits() {
    String secret = new SampleSecrets(new Random(3)).text(SampleSecrets.ALNUM, 40);
    String[] texts = {
      "x {\"api_key\":\"" + secret + "\"}",
      "x https://user:" + secret + "@host/",
      "x Cookie: a=" + secret + "; b=c",
      "x Bearer " + secret,
      "x **** " + secret.substring(0, 8) + "****" + secret.substring(8, 12),
    };
    for (String text : texts) {
      for (int cut = 3; cut < text.length(); cut++) {
        String redacted = REDACTOR.redact(text, cut);
        for (int from = 0; from + 8 <= secret.length(); from++) {
          assertThat(redacted).as(text).doesNotContain(secret.substring(from, from + 8));
        }
        assertThat(redacted.length()).isLessThanOrEqualTo(cut);
      }
    }
  }

  @Test
  void redact_splitsNoSurrogatePair() {
    assertThat(REDACTOR.redact("ab🐦cd", 3)).isEqualTo("ab");
    assertThat(REDACTOR.redact("ab🐦cd", 4)).isEqualTo("ab🐦");
    assertThat(REDACTOR.redact("🐦", 1)).isEmpty();
    assertThat(REDACTOR.redact("pwd=x 🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦", 25))
        .isEqualTo("pwd=[redacted:password] ");
    assertThat(REDACTOR.redact("pwd=x 🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦", 26))
        .isEqualTo("pwd=[redacted:password] 🐦");
  }

  @Test
  void redact_isTheSameTextWhereThereIsNothingToDo() {
    String text = "rate limit reached";
    assertThat(REDACTOR.redact(text)).isSameAs(text);
    assertThat(REDACTOR.redact(text, text.length())).isSameAs(text);
    assertThat(REDACTOR.redact(text, Integer.MAX_VALUE)).isSameAs(text);
    assertThat(REDACTOR.redact(text, 4)).isEqualTo("rate");
    assertThat(REDACTOR.redact(text, 0)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> REDACTOR.redact(text, -1))
        .withMessage("maxChars must not be negative, was -1");
  }

  @Test
  void redact_shortensNothingThatOnlyGrows() {
    assertThat(REDACTOR.redact("pwd=x")).isEqualTo("pwd=[redacted:password]");
    assertThat(REDACTOR.redact("pwd=x", 5)).isEqualTo("pwd=");
  }
}
