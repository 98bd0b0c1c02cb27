// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How much is done for a text, in characters looked at. */
class RedactorWorkTest {
  private static final int SIZE = 8192;

  /** Most looks at a character that any text of ordinary size may cost on average. */
  private static final long MOST_LOOKS = 150;

  /** A text that counts how often a character of it is looked at. */
  private static final class CountingText implements CharSequence {
    private final String text;
    private long looks;

    CountingText(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      looks++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static List<String> hostile() {
    List<String> pieces =
        new ArrayList<>(
            List.of(
                "sk-",
                "sk-a ",
                "sk-proj-",
                "eyJ.",
                "eyJ",
                "eyJaaaaaaaaaaaaaaaaaaaa-",
                "*",
                "**** ",
                "a****",
                "****\n",
                "•",
                "…",
                ".",
                "... ",
                "-",
                "-----",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY",
                "-----BEGIN A PRIVATE KEY-----",
                "-----END ",
                ":",
                "=",
                "==",
                "api_key",
                "api_key=",
                "api_key: ",
                "api_key:\"",
                "api_key:\\\"",
                "api_key=[",
                "\"api_key\":[\"a\",",
                "token=",
                "token=a1",
                "token:",
                "key=",
                "?key=",
                "key ",
                "key a1b2c3d4e5f6 ",
                "bearer ",
                "Bearer a",
                "bearerbearer ",
                "authorization: ",
                "authorization: a ",
                "cookie: a;",
                "cookie:",
                "a_-. ",
                "a.b-c_",
                "apikey ",
                "key-",
                "key_",
                "secret",
                "secret:",
                "://",
                "://a",
                "://a:b/",
                "://a@",
                "https://u:p",
                "https://u:p@",
                "@",
                "\\",
                "\\\\",
                "\\\"",
                "\"",
                "'",
                "`",
                "%",
                "%3D",
                "%3Dkey%3D",
                "\\u003d",
                "\\u00",
                "&amp;key=",
                "Q~",
                "1Q~",
                "aaa1Q~",
                "~",
                "AKIA",
                "AKIAA",
                "hf_",
                "ghp_",
                "ABSK",
                "ABSK/",
                "xoxb-",
                "<secret>",
                "<key>",
                "('cookie','",
                ",",
                "',",
                "\u001b[",
                "\u001b[31m",
                "\u001b",
                "[redacted:",
                "[redacted:api-key]",
                "pwd=the ",
                "pwd=401 ",
                "password= ",
                "a:b@c ",
                "hooks.slack.com/services/",
                "hooks.slack.com\\/",
                "\n",
                " ",
                "\t",
                "a",
                "A",
                "1",
                "é",
                "🐦",
                "\0",
                "aB1",
                "a1-",
                "a b c d "));
    Random random = new Random(1);
    List<String> texts = new ArrayList<>(pieces);
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(2, 5); n > 0; n--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void redact_takesWorkLinearInTheText(String piece) {
    long small = looks(piece.repeat(SIZE / piece.length()));
    long large = looks(piece.repeat(2 * SIZE / piece.length()));
    assertThat(large)
        .as("%d, then %d", small, large)
        .isLessThanOrEqualTo((long) (2.1 * small + 500));
    assertThat(small).isLessThan(MOST_LOOKS * SIZE);
  }

  @Test
  void redact_looksAtAnOrdinaryMessageAFewTimes() {
    String text =
        "Rate limit reached for gpt-4.1 in organization org-00aa0bbb0ccccccc0dddd0ee on tokens per"
            + " min (TPM): Limit 30000, Used 18928, Requested 11159. Please try again in 174ms.";
    assertThat(looks(text)).isLessThan(6L * text.length());
  }

  private static long looks(String text) {
    CountingText counting = new CountingText(text);
    new SecretScan(new Window(counting, text.length()), text.length()).run();
    return counting.looks;
  }
}
