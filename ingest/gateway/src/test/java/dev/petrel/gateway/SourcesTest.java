// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static dev.petrel.gateway.GatewayFixture.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.event.EventField;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may write what, as a client sees it. */
class SourcesTest {

  private static final String PATH = "/v1/llm-calls";
  private static final String CHECKOUT = "checkout-0123456789";
  private static final String BATCH = "batch-0123456789abc";

  @TempDir private Path directory;

  private String sourcesFile() throws Exception {
    Path token = Files.writeString(directory.resolve("checkout.token"), CHECKOUT + "\n");
    String hash =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(BATCH.getBytes(UTF_8)));
    return file(
        """
        sources:
          - name: checkout
            token_file: %s
            tenants: [acme]
          - name: batch
            token_sha256: %s
            tenants: [globex, "eu-*"]
            events_per_second: 2
        """
            .formatted(token, hash));
  }

  private String file(String yaml) throws IOException {
    Path file = Files.writeString(directory.resolve("sources.yaml"), yaml);
    return "gateway.sources_file=" + file;
  }

  private static HttpResponse<String> post(GatewayFixture gateway, String token, String body) {
    return gateway.post(PATH, body, "authorization", "Bearer " + token);
  }

  @Test
  void post_withoutAKnownToken_isRefused() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(sourcesFile())) {
      HttpResponse<String> none = gateway.post(PATH, event("e1"));

      assertThat(none.statusCode()).isEqualTo(401);
      assertThat(none.headers().firstValue("www-authenticate")).hasValue("Bearer");
      assertThat(post(gateway, "guessed-0123456789", event("e1")).statusCode()).isEqualTo(401);
      assertThat(gateway.post(PATH, event("e1"), "authorization", "Basic abc").statusCode())
          .isEqualTo(401);
      assertThat(gateway.sink.stored).isEmpty();
    }
  }

  @Test
  void post_cannotWriteForAnothersTenant_andGetsItsOwn() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(sourcesFile())) {
      String body =
          "[%s,%s,%s]"
              .formatted(
                  event("e1"),
                  event("e2", "\"tenant\":\"globex\""),
                  event("e3", "\"tenant\":\"acme\""));

      HttpResponse<String> answer = post(gateway, CHECKOUT, body);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains("\"accepted\":2")
          .contains("\"index\":1,\"reason\":\"tenant_not_allowed\",\"field\":\"tenant\"");
      assertThat(gateway.sink.stored)
          .extracting(event -> event.get(EventField.TENANT))
          .containsExactly("acme", "acme");
    }
  }

  @Test
  void post_forTenantsByPrefix() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(sourcesFile())) {
      String eu = event("e1", "\"tenant\":\"eu-west\"");

      assertThat(post(gateway, BATCH, eu).statusCode()).isEqualTo(202);
      assertThat(post(gateway, CHECKOUT, eu).statusCode()).isEqualTo(400);
      assertThat(gateway.only().get(EventField.TENANT)).isEqualTo("eu-west");
    }
  }

  @Test
  void post_beyondItsShare_isToldWhenToComeBack() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(sourcesFile())) {
      String many = "[" + (event("e") + ",").repeat(99) + event("e") + "]";

      assertThat(post(gateway, BATCH, many).statusCode()).isEqualTo(202);
      HttpResponse<String> refused = post(gateway, BATCH, event("e"));

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValueAsLong("retry-after").getAsLong()).isBetween(40L, 50L);
      assertThat(post(gateway, CHECKOUT, event("e")).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void sourcesFile_isRefusedWithTheRule_andWithoutTokens() throws Exception {
    assertRefused("sources: []", "must name at least one source");
    assertRefused("tokens: []", "must have the one key sources");
    assertRefused("sources: [{name: a b, token_env: HOME}]", "needs a name of its own");
    assertRefused("sources: [{name: a, token: x}]", "source a: unknown key token");
    assertRefused("sources: [{name: a}]", "needs exactly one of token_env");
    assertRefused("sources: [{name: a, token_sha256: abc}]", "64 hex digits");
    assertRefused("sources: [{name: a, token_env: NO_SUCH_VARIABLE}]", "at least 16 characters");
    assertRefused("sources: [{name: a, token_file: /no/such}]", "cannot be read");
    String hash = "a".repeat(64);
    assertRefused("sources: [{name: a, token_sha256: %s, tenants: []}]".formatted(hash), "tenants");
    assertRefused(
        "sources: [{name: a, token_sha256: %s, events_per_second: 0}]".formatted(hash),
        "events_per_second must be a whole number from 1");
    assertRefused(
        "sources: [{name: a, token_sha256: %s}, {name: b, token_sha256: %s}]".formatted(hash, hash),
        "has the token of another source");
    assertRefused("sources: {", "is not YAML");
  }

  private void assertRefused(String yaml, String rule) throws IOException {
    String setting = file(yaml);

    assertThatThrownBy(() -> new GatewayFixture(setting))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gateway.sources_file")
        .hasMessageContaining(rule);
  }

  @Test
  void gateway_opensToEveryoneOnLoopbackOnly_unlessToldTo() {
    assertThatThrownBy(() -> new GatewayFixture("gateway.host=0.0.0.0"))
        .hasMessageContaining("gateway.host 0.0.0.0 is not loopback")
        .hasMessageContaining("gateway.sources_file");
    try (GatewayFixture gateway =
        new GatewayFixture("gateway.host=0.0.0.0", "gateway.anonymous=true")) {
      assertThat(gateway.post(PATH, event("e1")).statusCode()).isEqualTo(202);
    }
  }
}
