// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.stats.QuantileSketch;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankedScopesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void write_leavesOutWhatIsUnknown() throws Exception {
    RankedScopes scopes =
        scopes(
            "[{'key':['','m'],'doc_count':3,'attempts':{'value':10.0},'error_attempts':{'value':4.0},"
                + "'errors:rate_limit':{'value':4.0},'errors:tls':{'value':0.0},"
                + "'cost_usd':{'count':0,'sum':0.0},'input_tokens':{'count':2,'sum':12.0}}]");

    JsonNode scope = written(scopes).path(0);

    assertThat(scope.has("provider")).isFalse();
    assertThat(scope.path("model").asText()).isEqualTo("m");
    assertThat(scope.path("error_rate").asDouble()).isEqualTo(0.4);
    assertThat(scope.path("errors").toString()).isEqualTo("{\"rate_limit\":4}");
    assertThat(scope.has("cost_usd")).isFalse();
    assertThat(scope.path("input_tokens").asLong()).isEqualTo(12);
    assertThat(scope.has("output_tokens")).isFalse();
    assertThat(scope.has("latency_ms")).isFalse();
  }

  @Test
  void addLatencies_mergesByFullName() throws Exception {
    RankedScopes scopes =
        scopes(
            "[{'key':['a','m'],'doc_count':1,'attempts':{'value':2}},"
                + "{'key':['b','m'],'doc_count':1,'attempts':{'value':1}}]");
    QuantileSketch hundred = new QuantileSketch();
    hundred.add(100);
    QuantileSketch thousand = new QuantileSketch();
    thousand.add(1000);

    scopes.addLatencies(node("{'provider':'a','model':'m'}"), hundred);
    scopes.addLatencies(node("{'provider':'a','model':'m'}"), thousand);
    scopes.addLatencies(node("{'provider':'c','model':'m'}"), thousand);

    JsonNode written = written(scopes);
    assertThat(scopes.names()).containsExactly("m");
    assertThat(written.at("/0/latency_ms/p50").asDouble()).isBetween(99.0, 101.0);
    assertThat(written.at("/0/latency_ms/p99").asDouble()).isBetween(990.0, 1010.0);
    assertThat(written.path(1).has("latency_ms")).isFalse();
  }

  private static RankedScopes scopes(String buckets) throws Exception {
    return new RankedScopes(List.of("provider", "model"), node(buckets));
  }

  private static JsonNode node(String json) throws Exception {
    return JSON.readTree(json.replace('\'', '"'));
  }

  private static JsonNode written(RankedScopes scopes) throws Exception {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.getFactory().createGenerator(text)) {
      scopes.write(out);
    }
    return JSON.readTree(text.toString());
  }
}
