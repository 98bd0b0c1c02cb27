// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.detect.Parameter;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.notify.LocalReceiver;
import dev.petrel.service.Health;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import dev.petrel.service.Topic;
import dev.petrel.service.Topics;
import dev.petrel.test.servers.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service on a real broker, with a local server in place of Slack and PagerDuty. */
@Timeout(240)
class AlertingIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SLACK_PATH = "/services/T0/B0/itsecret";

  private static final long STARTED_AT = System.currentTimeMillis();

  @TempDir Path stateDir;

  /** Quick ones. */
  private static final List<Rule> RULES =
      List.of(
          Rule.of(
              Pattern.PROVIDER_INCIDENT,
              Map.of(
                  Parameter.WINDOW, 60_000.0,
                  Parameter.FOR, 3_000.0,
                  Parameter.KEEP_FIRING_FOR, 4_000.0)));

  private final LocalReceiver slack = new LocalReceiver();
  private final LocalReceiver pagerDuty = new LocalReceiver();
  private final Map<String, Long> accepted = new ConcurrentHashMap<>();
  private Settings settings;
  private KafkaProducer<String, byte[]> producer;
  private AlertingService service;

  @BeforeEach
  void prepare() {
    settings =
        Settings.load(
            null,
            Map.of(),
            Map.of(
                "kafka.bootstrap_servers",
                TestServers.kafka().bootstrapServers(),
                "alerting.state_dir",
                stateDir.toString(),
                "alerting.slack.webhook_url",
                slack.url(SLACK_PATH).toString(),
                "alerting.pagerduty.url",
                pagerDuty.url("/v2/enqueue").toString(),
                "alerting.pagerduty.routing_key",
                "0123456789abcdef0123456789abcdef"),
            Stream.<List<Setting<?>>>of(KafkaSettings.ALL, AlertingSettings.ALL)
                .flatMap(List::stream)
                .toList());
    Topics.createMissing(settings);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer());
    service = new AlertingService(settings, RULES, new SimpleMeterRegistry());
  }

  @AfterEach
  void stop() {
    service.close();
    producer.close();
    slack.close();
    pagerDuty.close();
  }

  private void restart() {
    service.close();
    service = new AlertingService(settings, RULES, new SimpleMeterRegistry());
    service.start();
  }

  private static JsonNode json(String body) {
    try {
      return Json.mapper().readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> of(LocalReceiver receiver, Function<JsonNode, String> text) {
    List<String> texts = new ArrayList<>();
    receiver.bodies().forEach(body -> texts.add(text.apply(json(body))));
    return texts;
  }

  private List<String> slackHeaders() {
    return of(slack, body -> body.path("blocks").path(0).path("text").path("text").asText());
  }

  private List<String> pagerDutyActions() {
    return of(
        pagerDuty,
        body -> body.path("event_action").asText() + " " + body.path("dedup_key").asText());
  }

  @Test
  void service_pagesOnceAndResolvesOnceAcrossRestarts() {
    // Given a brownout of two models and two tenants that has been told
    service.start();
    Brownout brownout = new Brownout(producer, "openai");
    await().atMost(SOON).until(() -> service.health().isOk());
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              brownout.second();
              return slack.bodies().size() == 1 && pagerDuty.bodies().size() == 1;
            });

    // When the service is restarted twice, and then everything recovers
    for (int i = 0; i < 2; i++) {
      restart();
      for (int second = 0; second < 6; second++) {
        brownout.second();
        pause();
      }
    }
    assertThat(slack.bodies()).hasSize(1);
    assertThat(pagerDuty.bodies()).hasSize(1);
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              brownout.recover();
              return slack.bodies().size() == 2 && pagerDuty.bodies().size() == 2;
            });
    restart();
    for (int second = 0; second < 4; second++) {
      brownout.recover();
      pause();
    }

    // Then there is one page and one resolve, of the same incident
    assertThat(slackHeaders())
        .containsExactly("🔴 openai: calls are failing", "✅ Resolved: openai: calls are failing");
    String id = pagerDutyActions().get(0).substring("trigger ".length());
    assertThat(pagerDutyActions()).containsExactly("trigger " + id, "resolve " + id);
    JsonNode log = deliveries().get(id);
    assertThat(log.at("/alerts/0/alert/status").asText()).isEqualTo("resolved");
    assertThat(log.path("notifications")).hasSize(4);
    for (JsonNode notification : log.path("notifications")) {
      assertThat(notification.path("status").asText()).isEqualTo("sent");
      assertThat(notification.path("attempts").asInt()).isEqualTo(1);
    }
    assertThat(log.toString()).doesNotContain("itsecret").doesNotContain("0123456789abcdef0");
    assertThat(service.health()).isEqualTo(Health.ok("alerting"));
  }

  @Test
  void service_retriesAcrossARestartUntilItIsAccepted() {
    // Given a Slack that is down
    slack.answer(
        body -> {
          int status = accepted.getOrDefault("up", 0L) == 1 ? 200 : 503;
          accepted.merge(status + "", 1L, Long::sum);
          return LocalReceiver.Answer.of(status);
        });
    service.start();
    publish(firing("retried"));
    await().atMost(SOON).until(() -> accepted.getOrDefault("503", 0L) >= 2);

    // When the service is restarted and Slack comes back
    service.close();
    long before = accepted.get("503");
    service = new AlertingService(settings, RULES, new SimpleMeterRegistry());
    service.start();
    await().atMost(SOON).until(() -> accepted.get("503") > before);
    accepted.put("up", 1L);

    // Then it is accepted once, and PagerDuty is not told again
    await().atMost(SOON).until(() -> accepted.getOrDefault("200", 0L) == 1);
    await()
        .atMost(SOON)
        .until(
            () ->
                deliveries().get("retried").findValuesAsText("status").stream()
                    .noneMatch("pending"::equals));
    restart();
    pause();
    assertThat(accepted.get("200")).isEqualTo(1);
    assertThat(pagerDutyActions()).filteredOn("trigger retried"::equals).hasSize(1);
    publish(Alerts.over(firing("retried")));
    await().atMost(SOON).until(() -> accepted.get("200") == 2);
  }

  @Test
  void service_doesNotTellWhatWasOverBeforeItStarted() {
    publish(firing("past"));
    publish(Alerts.over(firing("past")));
    publish(firing("present"));

    service.start();

    await().atMost(SOON).until(() -> pagerDutyActions().contains("trigger present"));
    await().atMost(SOON).until(() -> deliveries().containsKey("past"));
    assertThat(pagerDutyActions()).noneMatch(action -> action.endsWith(" past"));
    publish(Alerts.over(firing("present")));
    await().atMost(SOON).until(() -> pagerDutyActions().contains("resolve present"));
  }

  @Test
  void health_failsBeforeTheStartAndAfterTheEnd() {
    assertThat(service.health().isOk()).isFalse();
    service.start();
    await().atMost(SOON).until(() -> service.health().isOk());
    service.close();
    assertThat(service.health().isOk()).isFalse();
  }

  private void publish(Alert alert) {
    producer.send(
        new ProducerRecord<>(Topic.ALERTS.topicName(), alert.alertId(), Json.bytes(alert)));
    producer.flush();
  }

  private static Alert firing(String id) {
    return Alerts.firing(id, STARTED_AT);
  }

  private static void pause() {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The delivery log as it stands. */
  private static Map<String, JsonNode> deliveries() {
    Map<String, JsonNode> log = new HashMap<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topic.NOTIFICATIONS.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          log.put(
              record.key(),
              json(new String(record.value(), java.nio.charset.StandardCharsets.UTF_8)));
        }
      }
    }
    return log;
  }
}
