// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.stats.Accounts;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConservationTest {

  @Test
  void json_sumsThePartitions() throws Exception {
    Conservation conservation =
        conservation(
            Map.of(
                "calls-0", new Accounts(0, 5, 105, 100, 90, 4, 5, 1, 0),
                "calls-1", new Accounts(1, 0, 10, 10, 9, 1, 0, 0, 0),
                "scopes-0", new Accounts(0, -1, -1, 0, 0, 0, 0, 0, 96)));

    JsonNode json = new ObjectMapper().readTree(conservation.json());

    assertThat(json.path("accepted").asLong()).isEqualTo(110);
    assertThat(json.path("aggregated").asLong()).isEqualTo(99);
    assertThat(json.path("dead_lettered").asLong()).isEqualTo(5);
    assertThat(json.path("duplicates").asLong()).isEqualTo(5);
    assertThat(json.path("beyond_retention").asLong()).isEqualTo(1);
    assertThat(json.path("merged").asLong()).isEqualTo(96);
    assertThat(json.path("difference").asLong()).isZero();
    assertThat(json.path("in_flight").asLong()).isEqualTo(3);
    assertThat(json.path("partitions")).hasSize(3);
    assertThat(json.at("/partitions/0/key").asText()).isEqualTo("calls-0");
    assertThat(json.at("/partitions/0/first_offset").asLong()).isEqualTo(5);
    assertThat(json.at("/partitions/0/next_offset").asLong()).isEqualTo(105);
    assertThat(conservation.ofCalls()).containsOnlyKeys(0, 1);
  }

  @Test
  void json_ofNothingIsZero() throws Exception {
    JsonNode json = new ObjectMapper().readTree(conservation(Map.of()).json());

    assertThat(json.path("accepted").asLong(-1)).isZero();
    assertThat(json.path("in_flight").asLong(-1)).isZero();
    assertThat(json.path("partitions")).isEmpty();
  }

  @Test
  void inFlight_isNeverNegative() {
    Conservation conservation =
        conservation(
            Map.of(
                "calls-0", new Accounts(0, 0, 1, 1, 1, 0, 0, 0, 0),
                "scopes-0", new Accounts(0, -1, -1, 0, 0, 0, 0, 0, 2)));

    assertThat(conservation.inFlight()).isZero();
  }

  private static Conservation conservation(Map<String, Accounts> accounts) {
    return new Conservation(new TreeMap<>(accounts));
  }
}
