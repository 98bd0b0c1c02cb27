// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.dashboards.index.OpenSearchCallException;
import dev.petrel.service.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** What {@code petrel doctor} looks at, part by part. Not thread-safe. */
final class Examination {

  private static final long TIMEOUT_SECONDS = 5;
  private static final long NEEDED_DISK_MB = 2048;
  private static final long LAG_WORTH_A_WORD = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Consumer groups and what it means when they lag. */
  private static final Map<String, String> GROUPS =
      Map.of(
          "petrel-streams", "aggregates are behind",
          "petrel-alerting", "alerts are behind",
          "petrel-dashboards", "OpenSearch and console are behind");

  private final Findings findings;

  Examination(Findings findings) {
    this.findings = findings;
  }

  void java() {
    findings.ok("java", "version " + Runtime.version());
  }

  void disk() {
    Path here = Path.of("").toAbsolutePath();
    try {
      long freeMb = Files.getFileStore(here).getUsableSpace() >> 20;
      if (freeMb < NEEDED_DISK_MB) {
        findings.warn(
            "disk",
            "%,d MB are free at %s".formatted(freeMb, here),
            "make room: Kafka and OpenSearch need %,d MB to work at ease"
                .formatted(NEEDED_DISK_MB));
      } else {
        findings.ok("disk", "%,d MB are free".formatted(freeMb));
      }
    } catch (IOException e) {
      findings.warn("disk", "free space cannot be read: " + e.getMessage(), "look with df -h");
    }
  }

  /** Kafka and, where it answers, OpenSearch as far as it must agree with Kafka. */
  void kafka(String brokers, OpenSearch openSearch) throws InterruptedException {
    try (Admin admin = KafkaCheck.admin(brokers)) {
      int nodes = admin.describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).size();
      findings.ok("kafka", "%d broker(s) at %s".formatted(nodes, brokers));
      boolean complete = topics(admin);
      groups(admin);
      if (complete) {
        conservation(brokers, admin, openSearch);
      }
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      findings.fail(
          "kafka",
          "no answer at " + brokers,
          "start it with petrel up, or name your brokers with --kafka HOST:PORT");
    }
  }

  private void conservation(String brokers, Admin admin, OpenSearch openSearch)
      throws InterruptedException, ExecutionException, TimeoutException {
    try (ConservationCheck check = new ConservationCheck(brokers, admin, findings)) {
      check.accounts();
      check.documents(openSearch);
    } catch (OpenSearchCallException e) {
      findings.warn(
          "documents",
          "they cannot be compared with the accounts: " + e.getMessage(),
          "see opensearch below");
    }
  }

  /** Whether all are there. */
  private boolean topics(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    boolean complete = true;
    for (Topic topic : Topic.values()) {
      String name = topic.topicName();
      if (!existing.contains(name)) {
        complete = false;
        findings.fail(
            "kafka", "topic " + name + " is missing", "start any Petrel service: it creates it");
        continue;
      }
      TopicDescription description =
          admin
              .describeTopics(List.of(name))
              .allTopicNames()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
              .get(name);
      if (topic == Topic.DEAD_LETTERS && description != null) {
        deadLetters(admin, description);
      }
    }
    return complete;
  }

  private void deadLetters(Admin admin, TopicDescription topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    topic
        .partitions()
        .forEach(
            partition -> {
              TopicPartition key = new TopicPartition(topic.name(), partition.partition());
              earliest.put(key, OffsetSpec.earliest());
              latest.put(key, OffsetSpec.latest());
            });
    long letters = sum(admin, latest) - sum(admin, earliest);
    if (letters > 0) {
      findings.warn(
          "calls",
          // Offsets count the markers of transactions too.
          "there are dead letters, %,d at most".formatted(letters),
          "read %s: header petrel-message says what is wrong with each".formatted(topic.name()));
    } else {
      findings.ok("calls", "no dead letters");
    }
  }

  private static long sum(Admin admin, Map<TopicPartition, OffsetSpec> specs)
      throws InterruptedException, ExecutionException, TimeoutException {
    return admin.listOffsets(specs).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).values().stream()
        .mapToLong(offset -> offset.offset())
        .sum();
  }

  private void groups(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (Map.Entry<String, String> group : GROUPS.entrySet()) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(group.getKey())
              .partitionsToOffsetAndMetadata()
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (committed.isEmpty()) {
        findings.warn(
            group.getKey(),
            "has never read anything",
            "start it: petrel up, or petrel " + group.getKey().substring("petrel-".length()));
        continue;
      }
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
      long done =
          committed.values().stream()
              .filter(java.util.Objects::nonNull)
              .mapToLong(OffsetAndMetadata::offset)
              .sum();
      long lag = sum(admin, latest) - done;
      if (lag > LAG_WORTH_A_WORD) {
        findings.warn(
            group.getKey(),
            "lags %,d records: %s".formatted(lag, group.getValue()),
            "wait while it catches up; when it does not, look at its log and /health/ready");
      } else {
        findings.ok(group.getKey(), "keeps up (lag %,d records)".formatted(Math.max(0, lag)));
      }
    }
  }

  void openSearch(OpenSearch openSearch, URI url) {
    try {
      JsonNode health = openSearch.call("GET", "/_cluster/health", Map.of(), null);
      String status = health.path("status").asText();
      if (status.equals("red")) {
        findings.fail(
            "opensearch", "cluster health is red at " + url, "look at its log; is its disk full?");
      } else {
        findings.ok("opensearch", "cluster health is " + status + " at " + url);
      }
      OpenSearch.Answer templates =
          openSearch.send("GET", "/_index_template/petrel-*", Map.of(), null);
      if (templates.json().path("index_templates").isEmpty()) {
        findings.fail(
            "opensearch",
            "index templates are missing",
            "start petrel dashboards (or up): it writes them");
      } else {
        findings.ok("opensearch", "index templates are there");
      }
    } catch (OpenSearchCallException e) {
      findings.fail(
          "opensearch",
          e.status() == 0 ? "no answer at " + url : String.valueOf(e.getMessage()),
          e.status() == 401 || e.status() == 403
              ? "set opensearch.username and opensearch.password"
              : "start it with petrel up, or name yours with --opensearch URL");
    }
  }

  void console(String host, int port) throws InterruptedException {
    String url = "http://%s:%d".formatted(host, port);
    try {
      JsonNode ready = get(URI.create(url + "/health/ready"));
      boolean fine = true;
      for (JsonNode part : ready.path("parts")) {
        if (!part.path("status").asText().equals("ok")) {
          fine = false;
          findings.fail(
              part.path("part").asText(),
              part.path("problem").asText(),
              "look at logs/petrel.log in the data directory");
        }
      }
      if (fine) {
        findings.ok("console", "answers at " + url);
      }
    } catch (IOException e) {
      findings.fail("console", "no answer at " + url, "start it with petrel up");
    }
  }

  private static JsonNode get(URI uri) throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(TIMEOUT_SECONDS)).build();
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(TIMEOUT_SECONDS)).build();
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    return JSON.readTree(response.body());
  }
}
