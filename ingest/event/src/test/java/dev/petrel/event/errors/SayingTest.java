// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SayingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "too many tokens; too many tokens",
        "rate[ -]?limit; limit",
        "credits?; credit",
        "clos\\w+ed by; ed by",
        "\\bpermission\\b.{0,160}\\bdenied; permission",
        "(?:exceeds?|over).{0,40}context(?:window|size); context",
        "(?m)(?:^|: )not found\\W*$; not found",
        "cert(?:ificate)?x{0,3}y; cert",
        "[a(]bc; bc",
        "(?:a|b); ''",
        "one|two; ''"
      })
  void literalOf_isInEachMatch(String regex, String literal) {
    assertThat(Saying.literalOf(regex)).isEqualTo(literal);
  }

  @Test
  void isIn_findsWhatTheExpressionFinds() {
    assertThat(new Saying("rate[ -]?limit").isIn("a rate-limit of 3")).isTrue();
    assertThat(new Saying("rate[ -]?limit").isIn("a rate and a limit")).isFalse();
  }
}
