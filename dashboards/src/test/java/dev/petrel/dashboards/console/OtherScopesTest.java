// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class OtherScopesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void write_namesTheKindsThatHaveAnyAndTheirSetting() throws Exception {
    JsonNode others =
        written(
            "{'tenant':{'attempts':{'value':60.0},'calls':{'value':50.0}},"
                + "'tenant_model':{'attempts':{'value':3.0},'calls':{'value':0.0}},"
                + "'model':{'attempts':{'value':0.0},'calls':{'value':0.0}}}",
            200);

    assertThat(others).hasSize(2);
    assertThat(others.at("/0/scope_kind").asText()).isEqualTo("tenant");
    assertThat(others.at("/0/setting").asText()).isEqualTo("streams.max_tenants");
    assertThat(others.at("/0/share").asDouble()).isEqualTo(0.25);
    assertThat(others.at("/1/setting").asText()).isEqualTo("streams.max_tenant_models");
    assertThat(others.at("/1/share").asDouble()).isZero();
  }

  @Test
  void write_givesNoShareOfNothing() throws Exception {
    JsonNode others = written("{'tenant':{'attempts':{'value':1},'calls':{'value':0}}}", 0);

    assertThat(others.path(0).has("share")).isFalse();
    assertThat(written("{}", 10)).isEmpty();
  }

  private static JsonNode written(String buckets, long allCalls) throws Exception {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.getFactory().createGenerator(text)) {
      new OtherScopes(JSON.readTree(buckets.replace('\'', '"')), allCalls).write(out);
    }
    return JSON.readTree(text.toString());
  }
}
