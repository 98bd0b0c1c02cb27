// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.stats.ScopeKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertScopeTest {

  private static final long NOW = 1_772_323_200_000L;
  private static final long MINUTE = 60_000;

  @Test
  void of_takesTheNarrowestScopeThatTheLabelsName() throws Exception {
    assertThat(kind("{}")).isEqualTo(ScopeKind.ALL);
    assertThat(kind("{'provider':'p'}")).isEqualTo(ScopeKind.PROVIDER);
    assertThat(kind("{'provider':'p','model':'m'}")).isEqualTo(ScopeKind.MODEL);
    assertThat(kind("{'provider':'p','tenant':'t'}")).isEqualTo(ScopeKind.TENANT);
    assertThat(kind("{'tenant':'t','model':'m'}")).isEqualTo(ScopeKind.TENANT_MODEL);
    assertThat(kind("{'service':'s'}")).isEqualTo(ScopeKind.SERVICE);
    assertThat(kind("{'credential':'c','provider':'p'}")).isEqualTo(ScopeKind.CREDENTIAL);
  }

  @Test
  void of_filtersOnlyByDimensionsOfTheScope() throws Exception {
    AlertScope scope = of("{'provider':'p','tenant':'t','environment':'prod','team':'x'}", "");

    assertThat(scope.filters())
        .containsExactlyInAnyOrderEntriesOf(Map.of("tenant", "t", "environment", "prod"));
  }

  @Test
  void of_looksFromBeforeTheStartUntilNowOrAfterTheEnd() throws Exception {
    AlertScope firing = of("{}", "");
    AlertScope resolved = of("{}", ",'ends_at':" + (NOW - 60 * MINUTE));

    assertThat(firing.range().from()).isEqualTo(NOW - 110 * MINUTE);
    assertThat(firing.range().to()).isEqualTo(NOW);
    assertThat(resolved.range().to()).isEqualTo(NOW - 50 * MINUTE);
  }

  private static ScopeKind kind(String labels) throws Exception {
    return of(labels, "").kind();
  }

  private static AlertScope of(String labels, String more) throws Exception {
    JsonNode alert =
        new ObjectMapper()
            .readTree(
                "{'starts_at':%d,'labels':%s%s}"
                    .formatted(NOW - 80 * MINUTE, labels, more)
                    .replace('\'', '"'));
    return AlertScope.of(alert, NOW);
  }
}
