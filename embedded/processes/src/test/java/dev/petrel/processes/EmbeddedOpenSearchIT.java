// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EmbeddedOpenSearchIT {
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path data;

  @Test
  void start_goesOnWhereItWasStopped() throws Exception {
    try (EmbeddedOpenSearch opensearch = start()) {
      assertThat(put(opensearch, "/calls/_doc/1", "{\"model\":\"a\"}")).isEqualTo(201);
      opensearch.stop();
      assertThat(opensearch.isAlive()).isFalse();
      assertThat(opensearch.onExit()).succeedsWithin(Duration.ofSeconds(1)).isEqualTo(143);
    }

    try (EmbeddedOpenSearch opensearch = start()) {
      assertThat(get(opensearch, "/calls/_doc/1").body()).contains("{\"model\":\"a\"}");
    }
  }

  @Test
  void start_goesOnWhereItWasKilled() throws Exception {
    try (EmbeddedOpenSearch opensearch = start()) {
      assertThat(put(opensearch, "/calls/_doc/1", "{\"model\":\"a\"}")).isEqualTo(201);
      opensearch.kill();
      assertThat(opensearch.isAlive()).isFalse();
    }

    try (EmbeddedOpenSearch opensearch = start()) {
      assertThat(get(opensearch, "/calls/_doc/1").body()).contains("{\"model\":\"a\"}");
    }
  }

  @Test
  void start_hasModulesOfDistribution() throws Exception {
    try (EmbeddedOpenSearch opensearch = start()) {
      put(opensearch, "/calls/_doc/1?refresh=true", "{\"tokens\":20}");
      HttpResponse<String> scripted =
          http.send(
              HttpRequest.newBuilder(URI.create(opensearch.url() + "/calls/_search"))
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          """
                          {"size": 0, "aggs": {"doubled": {"sum": {"script": "doc['tokens'].value * 2"}}}}
                          """))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(scripted.body()).contains("\"doubled\":{\"value\":40.0}");
      assertThat(get(opensearch, "/").body()).contains("\"number\" : \"3.8.0\"");
      assertThat(get(opensearch, "/_cat/plugins").body().lines()).hasSize(13);
    }
  }

  @Test
  void start_namesPortAndOwnerWhenPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerOptions options = EmbeddedOpenSearch.options(data).withPort(taken.getLocalPort());

      assertThatThrownBy(() -> EmbeddedOpenSearch.start(options))
          .isInstanceOf(ServerStartException.class)
          .hasMessageContaining("Port " + taken.getLocalPort())
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--opensearch http://127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void start_showsEndOfLogWhenChildDies() throws IOException {
    // A file where the node wants a directory.
    Files.writeString(data.resolve("data"), "");

    assertThatThrownBy(this::start)
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("opensearch ended during its start with exit code")
        .hasMessageContaining(data.resolve("data").toString());
    assertThat(data.resolve("logs").resolve("opensearch.log")).isNotEmptyFile();
  }

  @Test
  void child_endsWhenParentIsKilled() throws Exception {
    Parent parent = Parent.start("opensearch", data);
    ProcessHandle child = parent.child();
    assertThat(child.isAlive()).isTrue();

    parent.kill();

    assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(12));
  }

  @Test
  void start_takesOverWhatKilledParentLeft() throws Exception {
    Parent parent = Parent.start("opensearch", data);
    parent.kill();

    // At once: the child of the killed parent may still be ending.
    try (EmbeddedOpenSearch opensearch =
        EmbeddedOpenSearch.start(EmbeddedOpenSearch.options(data).withPort(parent.port()))) {
      assertThat(opensearch.isAlive()).isTrue();
    }
  }

  private EmbeddedOpenSearch start() {
    return EmbeddedOpenSearch.start(EmbeddedOpenSearch.options(data));
  }

  private int put(EmbeddedOpenSearch opensearch, String path, String body) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(opensearch.url() + path))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private HttpResponse<String> get(EmbeddedOpenSearch opensearch, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(opensearch.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
