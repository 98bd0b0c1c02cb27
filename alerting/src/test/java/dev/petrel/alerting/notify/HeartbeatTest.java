// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.petrel.service.Health;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class HeartbeatTest {

  private final LocalReceiver server = new LocalReceiver();
  private final HttpClient client = HttpClient.newHttpClient();
  private final MeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  private Heartbeat heartbeat(HeartbeatConfig.Method method, Supplier<Health> health) {
    return new Heartbeat(
        new HeartbeatConfig(server.url("/ping/1234-uuid"), method, Duration.ofSeconds(1)),
        health,
        new HttpSender(client, Duration.ofSeconds(20), InstantSource.system()),
        meters);
  }

  private double count(String result) {
    return meters.counter("petrel.alerting.heartbeats", "result", result).count();
  }

  @ParameterizedTest
  @EnumSource(HeartbeatConfig.Method.class)
  void beat_pingsWhileAllIsWell(HeartbeatConfig.Method method) {
    try (Heartbeat heartbeat = heartbeat(method, () -> Health.ok("alerting"))) {
      heartbeat.beat().join();
    }

    assertThat(server.requests())
        .extracting(LocalReceiver.Request::method)
        .containsExactly(method.name());
    assertThat(server.requests().get(0).uri()).hasPath("/ping/1234-uuid");
    assertThat(count("sent")).isEqualTo(1);
    assertThat(count("failed") + count("withheld")).isZero();
  }

  @Test
  void beat_isWithheldWhileSomethingIsWrong() {
    Health[] health = {Health.failing("alerting", "Kafka does not answer")};
    try (Heartbeat heartbeat = heartbeat(HeartbeatConfig.Method.GET, () -> health[0])) {
      heartbeat.beat().join();
      assertThat(server.requests()).isEmpty();

      health[0] = Health.ok("alerting");
      heartbeat.beat().join();
    }

    assertThat(server.requests()).hasSize(1);
    assertThat(count("withheld")).isEqualTo(1);
    assertThat(count("sent")).isEqualTo(1);
  }

  @Test
  void beat_countsFailedPingsAndGoesOn() {
    try (Heartbeat heartbeat = heartbeat(HeartbeatConfig.Method.GET, () -> Health.ok("alerting"))) {
      server.answer(body -> LocalReceiver.Answer.of(500));
      heartbeat.beat().join();
      server.answer(body -> LocalReceiver.Answer.of(200));
      heartbeat.beat().join();
    }

    assertThat(count("failed")).isEqualTo(1);
    assertThat(count("sent")).isEqualTo(1);
  }

  @Test
  void start_pingsAgainAndAgainEvenAfterTheCheckItselfFailed() {
    int[] checks = {0};
    try (Heartbeat heartbeat =
        heartbeat(
            HeartbeatConfig.Method.GET,
            () -> {
              if (checks[0]++ == 0) {
                throw new IllegalStateException("check broken");
              }
              return Health.ok("alerting");
            })) {
      heartbeat.start();

      await().atMost(Duration.ofSeconds(30)).until(() -> server.requests().size() >= 2);
    }

    assertThat(count("withheld")).isEqualTo(1);
  }

  @Test
  void new_refusesWhatShowsItsSecretOrBeatsTooFast() {
    assertThatThrownBy(
            () ->
                new HeartbeatConfig(
                    URI.create("http://hc.example/1234-uuid"),
                    HeartbeatConfig.Method.GET,
                    Duration.ofSeconds(30)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("1234-uuid");
    assertThatThrownBy(
            () ->
                new HeartbeatConfig(
                    server.url("/"), HeartbeatConfig.Method.GET, Duration.ofMillis(999)))
        .hasMessage("interval: is PT0.999S, must be at least 1 s");
  }

  @Test
  void toString_showsNoUrl() {
    try (Heartbeat heartbeat = heartbeat(HeartbeatConfig.Method.GET, () -> Health.ok("alerting"))) {
      assertThat(heartbeat.toString()).doesNotContain("1234-uuid");
    }
  }
}
