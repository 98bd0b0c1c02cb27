// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<List<Health>> parts =
      new AtomicReference<>(List.of(Health.ok("streams")));
  private final ManagementServer server = new ManagementServer("127.0.0.1", 0, meters, parts::get);

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void ready_tellsTheTruthPartByPart() throws Exception {
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);

    parts.set(List.of(Health.ok("streams"), Health.failing("kafka", "no answer at x:1")));

    HttpResponse<String> response = get("/health/ready");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body())
        .isEqualTo(
            "{\"status\":\"not ready\",\"parts\":[{\"part\":\"streams\",\"status\":\"ok\"},"
                + "{\"part\":\"kafka\",\"status\":\"failing\",\"problem\":\"no answer at x:1\"}]}");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void metrics_areInPrometheusFormat() throws Exception {
    meters.counter("petrel.test").increment(3);

    assertThat(get("/metrics").body()).contains("petrel_test_total 3.0");
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
