// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.petrel.event.EventField;
import dev.petrel.hook.contract.FakeProvider;
import dev.petrel.hook.contract.FakeProvider.Answer;
import dev.petrel.hook.contract.RecordingPublisher;
import dev.petrel.http.HttpCallObserver;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservedHttpClientBuilderFactoryTest {

  private final RecordingPublisher publisher = new RecordingPublisher();
  private final HttpCallObserver observer =
      HttpCallObserver.newBuilder(publisher).service("support-bot").build();

  @AfterEach
  void forget() {
    ObservedHttpClientBuilderFactory.forget();
    System.clearProperty(ObservedHttpClientBuilderFactory.SELECTION);
  }

  @Test
  void withoutSelection_langChainRefusesTwoFactories() {
    // Why the registration is a jar of its own.
    assertThatThrownBy(HttpClientBuilderLoader::loadHttpClientBuilder)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("multiple HTTP clients");
  }

  @Test
  void withoutObserver_clientsAreAsTheyAre() {
    System.setProperty(
        ObservedHttpClientBuilderFactory.SELECTION,
        ObservedHttpClientBuilderFactory.class.getName());

    JdkHttpClientBuilder builder =
        (JdkHttpClientBuilder) HttpClientBuilderLoader.loadHttpClientBuilder();

    assertThat(builder.httpClientBuilder()).isNull();
  }

  @Test
  void withObserver_modelsAreWatchedWithoutKnowing() {
    ObservedHttpClientBuilderFactory.observeWith(observer);

    try (FakeProvider provider = new FakeProvider()) {
      String answer =
          OpenAiChatModel.builder()
              .baseUrl(provider.baseUri(Answer.OK).toString())
              .apiKey("some-key")
              .modelName("gpt-4o")
              .build()
              .chat("Hi");

      assertThat(answer).isEqualTo("Hello");
    }
    assertThat(publisher.events()).hasSize(1);
    assertThat(publisher.events().get(0).get(EventField.SERVICE)).isEqualTo("support-bot");
  }

  @Test
  void observeWith_leavesASelectionAsItIs() {
    System.setProperty(ObservedHttpClientBuilderFactory.SELECTION, "com.example.Own");

    ObservedHttpClientBuilderFactory.observeWith(observer);

    assertThat(System.getProperty(ObservedHttpClientBuilderFactory.SELECTION))
        .isEqualTo("com.example.Own");
  }

  @Test
  void environment_configuresAnObserver_orNone() {
    String servers = "PETREL_KAFKA_BOOTSTRAP_SERVERS";

    assertThat(EnvironmentObserver.of(Map.of("PETREL_SERVICE", "support-bot"))).isNull();
    assertThat(EnvironmentObserver.of(Map.of(servers, " "))).isNull();
    assertThat(EnvironmentObserver.of(Map.of(servers, "no port"))).isNull();
    assertThat(EnvironmentObserver.of(Map.of(servers, "localhost:1", "PETREL_HASH_KEY", "short")))
        .isNull();
    assertThat(EnvironmentObserver.of(Map.of(servers, "localhost:1", "PETREL_SERVICE", "s")))
        .isNotNull();
  }
}
