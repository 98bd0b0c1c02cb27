// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.event.ErrorType;
import dev.petrel.stats.ScopeKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueriesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Windows WINDOWS = Windows.of(Resolution.MINUTES, new Range(1000, 2000));

  @Test
  void stats_filtersByScopeTimeAndDimensions() {
    JsonNode query = tree(Queries.stats(ScopeKind.MODEL, WINDOWS, Map.of("tenant", "a\"b")));

    JsonNode clauses = query.at("/query/bool/filter");
    assertThat(clauses).hasSize(3);
    assertThat(clauses.at("/0/term/scope_kind").asText()).isEqualTo("model");
    assertThat(clauses.at("/1/range/window_start/gte").asLong()).isEqualTo(1000);
    assertThat(clauses.at("/1/range/window_start/lt").asLong()).isEqualTo(2000);
    assertThat(clauses.at("/2/term/tenant").asText()).isEqualTo("a\"b");
  }

  @Test
  void rankings_sumEveryErrorTypeOfTheBusiest() {
    JsonNode query = tree(Queries.rankings(WINDOWS, Map.of()));

    JsonNode tenants = query.at("/aggs/tenants/aggs/top");
    assertThat(tenants.at("/terms/size").asInt()).isEqualTo(Queries.TOP);
    assertThat(tenants.at("/terms/order/attempts").asText()).isEqualTo("desc");
    for (ErrorType type : ErrorType.values()) {
      assertThat(tenants.path("aggs").at("/errors:" + type.wireName() + "/sum/field").asText())
          .isEqualTo("errors." + type.wireName());
    }
    assertThat(query.at("/aggs/models/aggs/top/multi_terms/terms")).hasSize(2);
  }

  @Test
  void others_areThoseOfEachKind() {
    JsonNode query = tree(Queries.others(WINDOWS, Map.of("environment", "prod")));

    JsonNode byKind = query.at("/aggs/others/filters/filters");
    assertThat(byKind.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "provider", "model", "tenant", "tenant_model", "service", "credential");
    assertThat(byKind.at("/tenant/bool/filter").toString())
        .isEqualTo(
            "[{\"term\":{\"scope_kind\":\"tenant\"}},{\"term\":{\"tenant\":\"__other__\"}}]");
    assertThat(byKind.at("/tenant_model/bool/filter")).hasSize(3);
    assertThat(query.at("/query/bool/filter/2/term/environment").asText()).isEqualTo("prod");
  }

  @Test
  void firing_includesAlertsOfNoEnvironment() {
    JsonNode query = tree(Queries.firing("prod", 5));

    assertThat(query.at("/query/bool/filter/1/bool/should")).hasSize(2);
    assertThat(tree(Queries.firing(null, 5)).at("/query/bool/filter")).hasSize(1);
  }

  @Test
  void mergeable_asksForNothingElse() {
    JsonNode query =
        tree(
            Queries.mergeable(
                ScopeKind.TENANT,
                WINDOWS,
                Map.of(),
                List.of(Queries.anyOf("tenant", List.of("a")))));

    assertThat(query.path("_source").toString()).contains("mergeable").doesNotContain("latency");
    assertThat(query.at("/query/bool/filter/2/terms/tenant/0").asText()).isEqualTo("a");
  }

  private static JsonNode tree(Map<String, ?> query) {
    return JSON.valueToTree(query);
  }
}
