// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

  @ParameterizedTest
  @CsvSource({
    "2026-04-20T11:44:54.855935+00:00, 1776685494855",
    "2026-04-20T13:44:54.855935+02:00, 1776685494855",
    "2026-04-20T13:44:54.855935+0200, 1776685494855",
    "2026-04-20T11:44:54.855Z, 1776685494855",
    "2026-04-20 11:44:54.8559350, 1776685494855",
    "2026-04-20 11:44:54, 1776685494000",
    "2026-04-20T11:44, 1776685440000",
    "1776685494, 1776685494000",
    "1776685494.855935, 1776685494855",
    "1.776685494855935E9, 1776685494855",
    "1776685494855, 1776685494855",
    "1776685494855935, 1776685494855",
    "1776685494855935123, 1776685494855",
    "' 1776685494855 ', 1776685494855"
  })
  void parse_readsTimesOfEveryKind(String text, long expected) {
    assertThat(Times.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-13-01T00:00:00Z", "20.04.2026", "-5", "1e400"})
  void parse_refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> Times.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timestamp: must be ISO-8601");
  }
}
