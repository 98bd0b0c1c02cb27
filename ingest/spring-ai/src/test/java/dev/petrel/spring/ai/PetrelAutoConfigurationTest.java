// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.hook.contract.RecordingPublisher;
import dev.petrel.http.HttpAttempt;
import dev.petrel.http.HttpCallObserver;
import dev.petrel.publisher.EventPublisher;
import dev.petrel.publisher.PublisherMetrics;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@Timeout(60)
class PetrelAutoConfigurationTest {

  private static final String SERVERS = "petrel.kafka.bootstrap-servers=127.0.0.1:1";

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  PetrelAutoConfiguration.class,
                  PublisherMetricsAutoConfiguration.class,
                  ObservedModelsAutoConfiguration.class));

  @Test
  void withoutServers_nothingIsObserved() {
    application.run(
        context -> {
          assertThat(context).hasNotFailed();
          assertThat(context).doesNotHaveBean(EventPublisher.class);
          assertThat(context).doesNotHaveBean(HttpCallObserver.class);
          assertThat(context).doesNotHaveBean(OpenAiHttpClientBuilderCustomizer.class);
          assertThat(context).doesNotHaveBean(ChatClientBuilderCustomizer.class);
        });
  }

  @Test
  void disabled_isNothing() {
    application
        .withPropertyValues(SERVERS, "petrel.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HttpCallObserver.class));
  }

  @Test
  void withServers_thereIsAPublisher_whichClosesWithTheContext() {
    EventPublisher[] publisher = new EventPublisher[1];
    application
        .withPropertyValues(SERVERS, "petrel.close-timeout=0s")
        .run(
            context -> {
              publisher[0] = context.getBean(EventPublisher.class);
              assertThat(context).hasSingleBean(HttpCallObserver.class);
              assertThat(context).hasSingleBean(PublisherMetrics.class);
              assertThat(context).hasSingleBean(OpenAiHttpClientBuilderCustomizer.class);
            });

    LlmCallEvent event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, "e")
            .set(EventField.TIMESTAMP, 1_780_000_000_000L)
            .set(EventField.OUTCOME, Outcome.SUCCESS)
            .build();
    assertThat(publisher[0].publish(event)).isFalse();
  }

  @Test
  void settings_reachThePublisher(@TempDir Path directory) {
    application
        .withPropertyValues(
            SERVERS,
            "petrel.kafka.topic=calls",
            "petrel.kafka.client-id=support-bot-1",
            "petrel.spool.directory=" + directory.resolve("spool"),
            "petrel.close-timeout=0s")
        .run(
            context ->
                assertThat(context.getBean(EventPublisher.class).toString())
                    .contains("127.0.0.1:1", "calls", "support-bot-1"));

    await().untilAsserted(() -> assertThat(directory.resolve("spool")).isDirectory());
  }

  @Test
  void settings_reachTheObserver() {
    RecordingPublisher publisher = new RecordingPublisher();
    application
        .withBean(RecordingPublisher.class, () -> publisher)
        .withPropertyValues(
            "spring.application.name=overridden",
            "petrel.service=support-bot",
            "petrel.instance=i-1",
            "petrel.version=1.2",
            "petrel.environment=prod",
            "petrel.provider=azure.ai.openai")
        .run(
            context -> {
              HttpAttempt attempt =
                  context
                      .getBean(HttpCallObserver.class)
                      .begin(
                          "POST", URI.create("http://127.0.0.1/v1/chat/completions"), name -> null);
              assertThat(attempt).isNotNull();
              attempt.cancelled(null);
            });

    LlmCallEvent event = publisher.events().get(0);
    assertThat(event.get(EventField.SERVICE)).isEqualTo("support-bot");
    assertThat(event.get(EventField.INSTANCE)).isEqualTo("i-1");
    assertThat(event.get(EventField.VERSION)).isEqualTo("1.2");
    assertThat(event.get(EventField.ENVIRONMENT)).isEqualTo("prod");
    assertThat(event.get(EventField.PROVIDER)).isEqualTo("azure.ai.openai");
  }

  @Test
  void ownPublisher_isUsed_evenWithServers() {
    application
        .withBean(RecordingPublisher.class, RecordingPublisher::new)
        .withPropertyValues(SERVERS)
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(EventPublisher.class);
              assertThat(context).doesNotHaveBean(PublisherMetrics.class);
              assertThat(context).hasSingleBean(HttpCallObserver.class);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.bootstrap-servers, no port, bootstrapServers",
    "kafka.topic, no topic, topic",
    "kafka.properties.linger.ms, soon, linger.ms",
    "queue.max-events, 0, queueMaxEvents",
    "queue.max-size, 0B, queueMaxBytes",
    "spool.max-size, 1B, spoolMaxBytes",
    "close-timeout, -1s, closeTimeout",
    "stall-timeout, 0s, stallTimeout",
    "hash-key, short, 16"
  })
  void badValue_stopsTheStart_andSaysWhich(String name, String value, String told) {
    application
        .withPropertyValues(SERVERS, "petrel." + name + "=" + value)
        .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(told));
  }

  @Test
  void withoutSpringAisModels_orMicrometer_theRestIsThere() {
    application
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.ai.openai",
                "org.springframework.ai.anthropic",
                "org.springframework.ai.chat",
                "io.micrometer"))
        .withPropertyValues(SERVERS, "petrel.close-timeout=0s")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).hasSingleBean(HttpCallObserver.class);
            });
  }

  @Test
  void properties_tellNoSecrets() {
    application
        .withPropertyValues(
            SERVERS,
            "petrel.close-timeout=0s",
            "petrel.hash-key=the secret to hash with",
            "petrel.kafka.properties.sasl.jaas.config=the secret to log in with")
        .withBean(RecordingPublisher.class, RecordingPublisher::new)
        .run(
            context ->
                assertThat(context.getBean(PetrelProperties.class).toString())
                    .contains("127.0.0.1:1")
                    .doesNotContain("secret"));
  }
}
