// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every notifier over HTTP must do. */
@Timeout(60)
abstract class NotifierContract {

  static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  LocalReceiver server;
  HttpClient client;

  /** A notifier that posts to {@code endpoint}. */
  abstract Notifier notifier(URI endpoint, HttpSender sender);

  /** What the receiver answers with 2xx when it accepts. */
  String accepted() {
    return "ok";
  }

  /** What must appear nowhere. */
  abstract String secret();

  /** The path that the notifier posts to. */
  abstract String path();

  /** Fails when the vendor would refuse the body. */
  abstract void assertValid(JsonNode body);

  /** Fails when the vendor would not connect the two. */
  abstract void assertMatches(JsonNode trigger, JsonNode resolve);

  @BeforeEach
  void start() {
    server = new LocalReceiver();
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  Notifier notifier() {
    return notifier(server.url(path()), new HttpSender(client, TIMEOUT, CLOCK));
  }

  private NotifyResult send(Action action, Alert alert) {
    return send(Notice.about(action, alert));
  }

  NotifyResult send(Notice notice) {
    return notifier().send(notice).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private NotifyResult sendAndAnswer(LocalReceiver.Answer answer) {
    server.answer(body -> answer);
    return send(Action.TRIGGER, Alerts.firing("a1"));
  }

  @Test
  void send_classifiesEveryStatus() {
    for (int status = 200; status < 600; status++) {
      if (status == 204) {
        continue; // no receiver answers so, and it has no room for the answer of one that does
      }
      NotifyResult result =
          sendAndAnswer(new LocalReceiver.Answer(status, Map.of(), accepted(), 0));

      Class<?> expected =
          status < 300
              ? NotifyResult.Sent.class
              : status >= 500 || status == 408 || status == 429
                  ? NotifyResult.Retryable.class
                  : NotifyResult.Permanent.class;
      assertThat(result).as("status %d", status).isInstanceOf(expected);
      if (status >= 300) {
        assertThat(result.toString()).contains("HTTP " + status);
      }
    }
  }

  @Test
  void send_isRetryableWhenNothingAnswersInTime() {
    server.answer(body -> new LocalReceiver.Answer(200, Map.of(), "", 2_000));

    NotifyResult result =
        notifier(server.url(path()), new HttpSender(client, Duration.ofMillis(400), CLOCK))
            .send(Notice.about(Action.TRIGGER, Alerts.firing("a1")))
            .join();

    assertThat(result).isEqualTo(new NotifyResult.Retryable("no answer within 400 ms", null));
  }

  @Test
  void send_isRetryableWhenNobodyListens() {
    URI endpoint = server.url(path());
    server.close();

    NotifyResult result =
        notifier(endpoint, new HttpSender(client, TIMEOUT, CLOCK))
            .send(Notice.about(Action.TRIGGER, Alerts.firing("a1")))
            .join();

    assertThat(result).isInstanceOf(NotifyResult.Retryable.class);
    assertThat(result.toString()).doesNotContain(secret());
  }

  @Test
  void send_readsRetryAfter() {
    assertThat(retryAfter("17")).isEqualTo(Duration.ofSeconds(17));
    assertThat(retryAfter("Thu, 01 Jan 2026 00:01:00 GMT")).isEqualTo(Duration.ofMinutes(1));
    assertThat(retryAfter("Wed, 31 Dec 2025 00:01:00 GMT")).isEqualTo(Duration.ZERO);
    assertThat(retryAfter("soon")).isNull();
  }

  private Duration retryAfter(String header) {
    NotifyResult result =
        sendAndAnswer(new LocalReceiver.Answer(429, Map.of("Retry-After", header), "", 0));
    return ((NotifyResult.Retryable) result).retryAfter();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 500})
  void send_showsNoSecretThatTheAnswerEchoes(int status) {
    NotifyResult result =
        sendAndAnswer(
            new LocalReceiver.Answer(status, Map.of(), "for " + secret() + " no service", 0));

    assertThat(result.toString()).contains("no service").doesNotContain(secret());
  }

  @Test
  void send_showsOnlyTheBeginningOfALongAnswer() {
    NotifyResult result =
        sendAndAnswer(new LocalReceiver.Answer(400, Map.of(), "x".repeat(3_000_000), 0));

    assertThat(result.toString()).hasSizeLessThan(300);
  }

  @Test
  void toString_showsNoSecret() {
    assertThat(notifier().toString()).doesNotContain(secret());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>Please log in</html>",
        "{\"ok\":",
        "[]",
        "null",
        "\"ok\"",
        "{\"ok\":false,\"error\":[1]}",
        "{}"
      })
  void send_survivesGarbage(String garbage) {
    for (int status : new int[] {200, 400, 503}) {
      NotifyResult result = sendAndAnswer(new LocalReceiver.Answer(status, Map.of(), garbage, 0));

      switch (status) {
        case 200 -> assertThat(result).isNotInstanceOf(NotifyResult.Permanent.class);
        case 400 -> assertThat(result).isInstanceOf(NotifyResult.Permanent.class);
        default -> assertThat(result).isInstanceOf(NotifyResult.Retryable.class);
      }
    }
  }

  @Test
  void send_isRetryableWhenTheConnectionBreaks() {
    try (SilentServer broken = SilentServer.thatCloses()) {
      NotifyResult result =
          notifier(broken.url(path()), new HttpSender(client, TIMEOUT, CLOCK))
              .send(Notice.about(Action.TRIGGER, Alerts.firing("a1")))
              .join();

      assertThat(result).isInstanceOf(NotifyResult.Retryable.class);
      assertThat(result.toString()).doesNotContain(secret());
    }
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void send_keepsTheLimitsWhateverTheTexts(Action action) throws IOException {
    server.answer(body -> new LocalReceiver.Answer(200, Map.of(), accepted(), 0));
    for (String text : HostileText.SAMPLES) {
      Alert alert = Alerts.withText(text);
      NotifyResult result = send(action, action == Action.RESOLVE ? Alerts.over(alert) : alert);

      assertThat(result).isInstanceOf(NotifyResult.Sent.class);
    }

    assertThat(server.bodies()).hasSizeGreaterThanOrEqualTo(HostileText.SAMPLES.size());
    for (String body : server.bodies()) {
      assertValid(Json.mapper().readTree(body));
    }
  }

  /** No alert whatever gives a body that the vendor would refuse, or that anybody could abuse. */
  @Test
  void send_keepsTheRulesForRandomNotices() throws IOException {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    HostileNotices notices = new HostileNotices(seed);
    server.answer(body -> new LocalReceiver.Answer(200, Map.of(), accepted(), 0));
    for (int i = 0; i < 60; i++) {
      int before = server.bodies().size();

      NotifyResult result = send(notices.next());

      assertThat(result).as("seed %d, notice %d", seed, i).isInstanceOf(NotifyResult.Sent.class);
      List<String> bodies = server.bodies();
      assertThat(bodies).hasSizeGreaterThan(before);
      for (String body : bodies.subList(before, bodies.size())) {
        try {
          assertValid(Json.mapper().readTree(body));
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed + ", notice " + i + ": " + body, e);
        }
      }
    }
  }

  @Test
  void send_resolveMatchesTrigger() throws IOException {
    Alert alert = Alerts.firing("a1");
    server.answer(body -> new LocalReceiver.Answer(200, Map.of(), accepted(), 0));

    NotifyResult.Sent sent = (NotifyResult.Sent) send(Action.TRIGGER, alert);
    int before = server.bodies().size();
    send(Notices.of(Action.RESOLVE, sent.remember(), Alerts.over(alert)));

    assertMatches(
        Json.mapper().readTree(server.bodies().get(0)),
        Json.mapper().readTree(server.bodies().get(before)));
  }
}
