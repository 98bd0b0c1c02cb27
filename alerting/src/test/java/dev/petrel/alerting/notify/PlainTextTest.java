// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {

  @Test
  void clean_putsEverythingOnOneLine() {
    assertThat(PlainText.clean("a\r\nb\tc\u0000d\u0085e\u2028f")).isEqualTo("a  b c d e f");
  }

  @Test
  void clean_dropsWhatReordersText() {
    assertThat(PlainText.clean("gpj.\u202Eexe\u202C\u2066x\u2069\u200F\u061C"))
        .isEqualTo("gpj.exex");
  }

  @Test
  void clean_keepsRightToLeftLettersAndJoinedEmoji() {
    assertThat(PlainText.clean("مرحبا 👩‍👩‍👧")).isEqualTo("مرحبا 👩‍👩‍👧");
  }

  @Test
  void clean_replacesHalvesOfPairs() {
    assertThat(PlainText.clean("a\uD83Db\uDC26")).isEqualTo("a\uFFFDb\uFFFD");
  }

  @Test
  void shortened_isCutBeforeAPairThatDoesNotFit() {
    assertThat(PlainText.shortened("ab🐦c", 4)).isEqualTo("ab…");
    assertThat(PlainText.shortened("ab🐦c", 5)).isEqualTo("ab🐦c");
  }
}
