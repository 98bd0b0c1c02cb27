// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SharedServersIT {
  @Test
  void kafka_isOneForAll() throws Exception {
    TestKafka kafka = TestServers.kafka();

    assertThat(TestServers.kafka()).isSameAs(kafka);
    createTopic(kafka, "test-servers");
    assertThat(topics(kafka)).contains("test-servers");
  }

  @Test
  void openSearch_isOneForAll() throws Exception {
    TestOpenSearch openSearch = TestServers.openSearch();

    assertThat(TestServers.openSearch()).isSameAs(openSearch);
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(openSearch.url())).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.body())
        .contains("\"number\" : \"" + Images.of("opensearch").replaceAll(".*:", "") + "\"");
  }

  @Test
  void privateKafka_comesBackWithItsTopics() throws Exception {
    try (PrivateKafka kafka = PrivateKafka.start()) {
      createTopic(kafka, "kept");
      String bootstrapServers = kafka.bootstrapServers();

      kafka.kill();
      kafka.restart();

      assertThat(kafka.bootstrapServers()).isEqualTo(bootstrapServers);
      assertThat(topics(kafka)).containsExactly("kept");
    }
  }

  private static void createTopic(TestKafka kafka, String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, Optional.of(2), Optional.empty()))).all().get();
    }
  }

  private static Set<String> topics(TestKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return admin.listTopics().names().get();
    }
  }
}
