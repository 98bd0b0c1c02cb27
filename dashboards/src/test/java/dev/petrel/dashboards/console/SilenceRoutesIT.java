// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Settings;
import dev.petrel.service.Topics;
import dev.petrel.test.servers.TestServers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class SilenceRoutesIT {

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  private final HttpClient client = HttpClient.newHttpClient();
  private SilenceRoutes routes;
  private Server server;

  @BeforeAll
  void start() {
    String brokers = TestServers.kafka().bootstrapServers();
    Topics.createMissing(
        Settings.load(
            null,
            Map.of(),
            Map.of(KafkaSettings.BOOTSTRAP_SERVERS.key(), brokers),
            KafkaSettings.ALL));
    routes = new SilenceRoutes(brokers, () -> NOW);
    ServerBuilder builder =
        Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    routes.addTo(builder);
    server = builder.build();
    server.start().join();
  }

  @AfterAll
  void stop() {
    server.stop().join();
    routes.close();
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.activeLocalPort() + "/api/silences" + path))
            .header("content-type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return new ObjectMapper().readTree(response.body());
  }

  private JsonNode listed(String id) throws Exception {
    return StreamSupport.stream(json(send("GET", "", "application/json", "")).spliterator(), false)
        .filter(silence -> silence.path("id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void silence_isAddedListedAndExpired() throws Exception {
    HttpResponse<String> added =
        send(
            "POST",
            "",
            "application/json",
            "{\"matchers\":[\"tenant=\\\"acme\\\"\"],\"ends_at\":\"2026-06-01T14:00:00Z\",\"created_by\":\"kim\",\"comment\":\"why\"}");

    assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
    String id = json(added).path("id").asText();
    JsonNode silence = listed(id);
    assertThat(silence.path("state").asText()).isEqualTo("active");
    assertThat(silence.path("starts_at").asLong()).isEqualTo(NOW.toEpochMilli());
    assertThat(silence.at("/matchers/0").asText()).isEqualTo("tenant=\"acme\"");

    assertThat(send("DELETE", "/" + id, "application/json", "").statusCode()).isEqualTo(200);
    assertThat(listed(id).path("state").asText()).isEqualTo("expired");
    assertThat(send("DELETE", "/unknown", "application/json", "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|body: is no JSON",
        "[]|body: must be a JSON object",
        "{\"matcher\":[]}|matcher: unknown field",
        "{\"matchers\":[\"tenant\"],\"ends_at\":1780322400000}|'tenant' is no matcher",
        "{\"matchers\":[\"a=b\"]}|ends_at: was ''",
        "{\"matchers\":[\"a=b\"],\"ends_at\":1}|ends_at: must be in the future",
        "{\"matchers\":[],\"ends_at\":1780322400000,\"created_by\":\"k\",\"comment\":\"c\"}|all alerts would be silent",
        "{\"matchers\":[\"a=b\"],\"ends_at\":1780322400000,\"comment\":\"c\"}|created_by: must have",
      })
  void post_saysWhatIsWrong(String body, String error) throws Exception {
    HttpResponse<String> response = send("POST", "", "application/json", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(json(response).path("error").asText()).contains(error);
  }

  @Test
  void post_takesJsonOnly() throws Exception {
    assertThat(send("POST", "", "text/plain", "{}").statusCode()).isEqualTo(400);
  }
}
