// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.service.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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

  /** How a part is. */
  enum Verdict {
    OK,
    WARNS,
    FAILS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One thing that was found.
   *
   * @param verdict how bad it is
   * @param part what was looked at
   * @param text what was seen
   * @param remedy what to do, empty when there is nothing to do
   */
  record Finding(Verdict verdict, String part, String text, String remedy) {}

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

  private final List<Finding> findings = new ArrayList<>();

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  private void ok(String part, String text) {
    findings.add(new Finding(Verdict.OK, part, text, ""));
  }

  private void warn(String part, String text, String remedy) {
    findings.add(new Finding(Verdict.WARNS, part, text, remedy));
  }

  private void fail(String part, String text, String remedy) {
    findings.add(new Finding(Verdict.FAILS, part, text, remedy));
  }

  void java() {
    ok("java", "version " + Runtime.version());
  }

  void disk() {
    Path here = Path.of("").toAbsolutePath();
    try {
      long freeMb = Files.getFileStore(here).getUsableSpace() >> 20;
      if (freeMb < NEEDED_DISK_MB) {
        warn(
            "disk",
            "%,d MB are free at %s".formatted(freeMb, here),
            "make room: Kafka and OpenSearch need %,d MB to work at ease"
                .formatted(NEEDED_DISK_MB));
      } else {
        ok("disk", "%,d MB are free".formatted(freeMb));
      }
    } catch (IOException e) {
      warn("disk", "free space cannot be read: " + e.getMessage(), "look with df -h");
    }
  }

  void kafka(String brokers) throws InterruptedException {
    try (Admin admin = KafkaCheck.admin(brokers)) {
      int nodes = admin.describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).size();
      ok("kafka", "%d broker(s) at %s".formatted(nodes, brokers));
      topics(admin);
      groups(admin);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      fail(
          "kafka",
          "no answer at " + brokers,
          "start it with petrel up, or name your brokers with --kafka HOST:PORT");
    }
  }

  private void topics(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    for (Topic topic : Topic.values()) {
      String name = topic.topicName();
      if (!existing.contains(name)) {
        fail("kafka", "topic " + name + " is missing", "start any Petrel service: it creates it");
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
      warn(
          "calls",
          // Offsets count the markers of transactions too.
          "there are dead letters, %,d at most".formatted(letters),
          "read %s: header petrel-message says what is wrong with each".formatted(topic.name()));
    } else {
      ok("calls", "no dead letters");
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
        warn(
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
        warn(
            group.getKey(),
            "lags %,d records: %s".formatted(lag, group.getValue()),
            "wait while it catches up; when it does not, look at its log and /health/ready");
      } else {
        ok(group.getKey(), "keeps up (lag %,d records)".formatted(Math.max(0, lag)));
      }
    }
  }

  void openSearch(URI url) throws InterruptedException {
    try {
      JsonNode health = get(url.resolve("/_cluster/health"));
      String status = health.path("status").asText();
      if (status.equals("red")) {
        fail("opensearch", "cluster health is red at " + url, "look at its log; is its disk full?");
      } else {
        ok("opensearch", "cluster health is " + status + " at " + url);
      }
      JsonNode template = get(url.resolve("/_index_template/petrel-*"));
      if (template.path("index_templates").isEmpty()) {
        fail(
            "opensearch",
            "index templates are missing",
            "start petrel dashboards (or up): it writes them");
      } else {
        ok("opensearch", "index templates are there");
      }
    } catch (IOException e) {
      fail(
          "opensearch",
          "no answer at " + url,
          "start it with petrel up, or name yours with --opensearch URL");
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
          fail(
              part.path("part").asText(),
              part.path("problem").asText(),
              "look at logs/petrel.log in the data directory");
        }
      }
      if (fine) {
        ok("console", "answers at " + url);
      }
      conservation(get(URI.create(url + "/api/conservation")));
    } catch (IOException e) {
      fail("console", "no answer at " + url, "start it with petrel up");
    }
  }

  private void conservation(JsonNode accounts) {
    if (!accounts.has("accepted")) {
      return;
    }
    ok(
        "accounts",
        "accepted %,d = aggregated %,d + dead-lettered %,d + duplicates %,d + beyond retention %,d"
            .formatted(
                accounts.path("accepted").asLong(),
                accounts.path("aggregated").asLong(),
                accounts.path("dead_lettered").asLong(),
                accounts.path("duplicates").asLong(),
                accounts.path("beyond_retention").asLong()));
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
