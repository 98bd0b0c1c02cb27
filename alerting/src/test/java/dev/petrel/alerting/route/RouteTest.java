// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.service.match.Matcher;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {

  private static Route route(
      String receiver, String matcher, boolean continues, Route... children) {
    List<Matcher> matchers = matcher.isEmpty() ? List.of() : List.of(Matcher.parse(matcher));
    return new Route(
        Route.path("", matchers),
        receiver,
        matchers,
        continues,
        Grouping.EACH,
        Timers.DEFAULT,
        List.of(),
        List.of(),
        List.of(children));
  }

  /*
   * root: default
   *   audit      environment=prod, continue
   *   acme       tenant=acme
   *     acme-llm   model=~gpt.*
   *   page       severity=critical
   */
  private static final Route TREE =
      route(
          "default",
          "",
          false,
          route("audit", "environment=prod", true),
          route("acme", "tenant=acme", false, route("acme-llm", "model=~\"gpt.*\"", false)),
          route("page", "severity=critical", false));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "tenant=x;                                                default",
        "tenant=acme;                                             acme",
        "tenant=acme,model=gpt-4o;                                acme-llm",
        "tenant=acme,severity=critical;                           acme",
        "severity=critical;                                       page",
        "environment=prod;                                        audit",
        "environment=prod,severity=critical;                      audit page",
        "environment=prod,tenant=acme,model=gpt,severity=critical; audit acme-llm",
        "model=gpt-4o;                                            default",
      })
  void match_takesTheFirstChildThatMatchesAndThoseItContinuesTo(String text, String receivers) {
    Map<String, String> labels = new TreeMap<>();
    for (String pair : text.split(",")) {
      labels.put(pair.split("=")[0], pair.split("=")[1]);
    }
    assertThat(TREE.match(labels))
        .extracting(Route::receiver)
        .containsExactly(receivers.split(" "));
  }

  @Test
  void match_isEmptyOnlyWhereTheNodeDoesNotMatch() {
    assertThat(route("a", "tenant=acme", false).match(Map.of("tenant", "other"))).isEmpty();
    assertThat(TREE.match(Map.of())).hasSize(1);
  }

  @Test
  void path_namesTheMatchersFromTheRoot() {
    assertThat(Route.path(Route.ROOT, List.of(Matcher.parse("a=1"), Matcher.parse("b=~\"x\""))))
        .isEqualTo("{}/{a=\"1\",b=~\"x\"}");
  }

  @Test
  void grouping_alwaysKeepsEnvironmentsApart() {
    Grouping grouping = Grouping.by(List.of("model", "region"));
    assertThat(grouping.of(Map.of("model", "m", "tenant", "t", "environment", "prod")))
        .isEqualTo(Map.of("model", "m", "region", "", "environment", "prod"));
  }

  @Test
  void grouping_byDotsOrIdIsEachByItself() {
    for (List<String> names : List.of(List.of("..."), List.of("alert_id", "tenant"))) {
      assertThat(Grouping.by(names).of(Map.of("alert_id", "a1", "environment", "prod")))
          .isEqualTo(Map.of("alert_id", "a1"));
    }
  }

  @Test
  void all_isTheWholeTree() {
    assertThat(TREE.all().map(Route::receiver))
        .containsExactlyElementsOf(
            Stream.of("default", "audit", "acme", "acme-llm", "page").toList());
  }
}
