// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackTextTest {

  @ParameterizedTest
  @CsvSource({
    "abc, 3, abc",
    "abcd, 3, ab…",
    "a&b, 7, a&amp;b",
    "a&b, 6, a…",
    "a&bc, 7, a&amp;…",
    "a&b, 5, a…",
    "<!channel>, 100, &lt;!channel&gt;",
    "🐦🐦, 4, 🐦🐦",
    "🐦🐦, 3, 🐦…",
    "🐦🐦, 2, …",
  })
  void escaped_isCutBetweenWholeCharacters(String text, int max, String expected) {
    assertThat(SlackText.escaped(text, max)).isEqualTo(expected).hasSizeLessThanOrEqualTo(max);
  }
}
