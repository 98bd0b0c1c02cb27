// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {

  /* Labels are tenant=acme and model=gpt-4o. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          tenant="acme"            ; true
          tenant=acme              ; true
          ` tenant = "acme" `      ; true
          tenant="Acme"            ; false
          tenant!="acme"           ; false
          tenant!="other"          ; true
          model=~"gpt-.*"          ; true
          model=~"gpt"             ; false
          model=~"4o"              ; false
          model=~"o1|gpt-4o"       ; true
          model!~"gpt-.*"          ; false
          model!~"claude-.*"       ; true
          model=~"gpt-\\d.*"       ; true
          region=""                ; true
          region="eu"              ; false
          region!="eu"             ; true
          region=~".*"             ; true
          region=~".+"             ; false
          """,
      delimiter = ';')
  void matches_comparesTheWholeValueAndTakesMissingAsEmpty(String text, boolean expected) {
    assertThat(Matcher.parse(text).matches(Map.of("tenant", "acme", "model", "gpt-4o")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tenant",
        "=x",
        "1a=x",
        "te nant=x",
        "a=\"x",
        "a=\"x\"y\"",
        "a=b c",
        "a=b,c=d",
        "{a=\"b\"}",
        "a=~\"(\"",
        "a=~\"(?=x)\"",
        "a==\"x\" b"
      })
  void parse_refusesWhatIsNoMatcher(String text) {
    assertThatThrownBy(() -> Matcher.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parse_readsItsOwnText() {
    for (Matcher.Operator operator : Matcher.Operator.values()) {
      Matcher matcher = new Matcher("summary", operator, "a \"b\" \\\\d+ \n, {c}");
      assertThat(Matcher.parse(matcher.toString())).isEqualTo(matcher);
    }
  }

  @Test
  void parse_refusesExpressionsThatAreTooLarge() {
    assertThatThrownBy(() -> Matcher.parse("a=~\"((x{100}){100}){10}\""))
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> Matcher.parse("a=\"" + "x".repeat(2001) + "\""))
        .hasMessageContaining("2001 characters");
  }

  @Test
  void all_holdsWhenEachDoes() {
    Map<String, String> labels = Map.of("a", "1", "b", "2");
    assertThat(Matcher.all(List.of(), labels)).isTrue();
    assertThat(Matcher.all(List.of(Matcher.parse("a=1"), Matcher.parse("b=2")), labels)).isTrue();
    assertThat(Matcher.all(List.of(Matcher.parse("a=1"), Matcher.parse("b=3")), labels)).isFalse();
  }
}
