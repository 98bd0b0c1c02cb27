// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.test.servers.TestServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service as the README starts it, with its own {@code logback.xml}. */
@Timeout(180)
class SupportBotIT {

  private static final String QUESTION = "{\"question\": \"Where is my order?\"}";
  private static final String IS_UP = "support-bot is up: ";

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void calls_areInKafka_byHookAndByLog() throws Exception {
    CallsTopic topic = new CallsTopic(TestServers.kafka(), "llm-calls");
    topic.create();
    Process bot = start(topic);
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(bot.getInputStream(), StandardCharsets.UTF_8))) {
      URI ask = address(output);

      assertThat(post(ask, QUESTION).body()).isEqualTo("{\"answer\":\"Hello\"}\n");
      assertThat(post(ask.resolve("/ask-logged"), QUESTION).body())
          .isEqualTo("{\"answer\":\"Hello\"}\n");
      play(ask, "RATE_LIMIT SERVER_ERROR");
      assertThat(post(ask, QUESTION).statusCode()).isEqualTo(200);
      for (String failure : List.of("QUOTA", "CLOSED")) {
        play(ask, failure);
        assertThat(post(ask.resolve("/ask-logged"), QUESTION).statusCode()).isEqualTo(502);
      }
      assertThat(post(ask, "Where is my order?").statusCode()).isEqualTo(400);

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(topic.read()).hasSize(7));

      bot.destroy(); // as Ctrl-C does
      assertThat(bot.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      bot.destroyForcibly();
    }

    List<LlmCallEvent> events = topic.read();
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.get(EventField.SERVICE)).isEqualTo("support-bot");
              assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
              assertThat(event.get(EventField.USER))
                  .matches("[0-9a-f]{16}")
                  .isEqualTo(events.get(0).get(EventField.USER));
            });
    assertThat(of("ask", events))
        .extracting(event -> event.get(EventField.ERROR_TYPE))
        .containsExactly(null, ErrorType.RATE_LIMIT, ErrorType.SERVER_ERROR, null);
    assertThat(of("ask", events))
        .extracting(event -> event.get(EventField.ATTEMPT))
        .containsExactly(0L, 0L, 1L, 2L);
    List<LlmCallEvent> logged = of("ask-logged", events);
    assertThat(logged)
        .extracting(LlmCallEvent::outcome)
        .containsExactly(Outcome.SUCCESS, Outcome.ERROR, Outcome.ERROR);
    assertThat(logged)
        .extracting(event -> event.get(EventField.ERROR_TYPE))
        .containsExactly(null, ErrorType.QUOTA_EXHAUSTED, ErrorType.NETWORK);
    // Both ways come to the same price.
    assertThat(logged.get(0).get(EventField.COST_NANO_USD))
        .isPositive()
        .isEqualTo(of("ask", events).get(0).get(EventField.COST_NANO_USD));
  }

  private static Process start(CallsTopic topic) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            "target/lib/*",
            SupportBot.class.getName(),
            "--fake-provider",
            "--port",
            "0");
    builder.environment().put("PETREL_KAFKA_BOOTSTRAP_SERVERS", topic.kafka().bootstrapServers());
    builder.redirectErrorStream(true);
    return builder.start();
  }

  private static URI address(BufferedReader output) throws IOException {
    StringBuilder before = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(IS_UP)) {
        return URI.create(line.substring(IS_UP.length()));
      }
      before.append(line).append('\n');
    }
    throw new AssertionError("the service does not start:\n" + before);
  }

  private void play(URI ask, String answers) throws Exception {
    assertThat(post(ask.resolve("/next-answers"), answers).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> post(URI uri, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri)
            .header("X-Tenant", "acme")
            .header("X-User", "jane@example.com")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** The events of a feature, in the order of their attempts' starts. */
  private static List<LlmCallEvent> of(String feature, List<LlmCallEvent> events) {
    return events.stream()
        .filter(event -> feature.equals(event.get(EventField.FEATURE)))
        .sorted((a, b) -> Long.compare(a.timestamp(), b.timestamp()))
        .toList();
  }
}
