// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.hook.contract.FakeProvider.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class JdkChatModelTest extends ChatModelContract {

  @Override
  HttpClientBuilder clients() {
    return ObservedHttpClientBuilder.of(JdkHttpClient.builder(), observer);
  }

  @Test
  void failedAttempt_hasWhatItsHeadersSay() {
    OpenAiChatModel model =
        OpenAiChatModel.builder()
            .httpClientBuilder(clients())
            .baseUrl(provider.baseUri(Answer.RATE_LIMIT).toString())
            .apiKey("some-key")
            .modelName("gpt-4o")
            .maxRetries(0)
            .build();
    assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(RuntimeException.class);

    LlmCallEvent event = events(1).get(0);
    assertThat(event.get(EventField.REQUEST_ID)).isEqualTo("req_rate_limit");
    assertThat(event.get(EventField.RETRY_AFTER_MS)).isEqualTo(150);
    assertThat(event.get(EventField.RATELIMIT)).isNotNull();
  }

  @Test
  void builderGivenTwice_isWatchedOnce() {
    JdkHttpClientBuilder shared = JdkHttpClient.builder();
    for (int i = 0; i < 2; i++) {
      String unused =
          OpenAiChatModel.builder()
              .httpClientBuilder(ObservedHttpClientBuilder.of(shared, observer))
              .baseUrl(provider.baseUri(Answer.OK).toString())
              .apiKey("some-key")
              .modelName("gpt-4o")
              .build()
              .chat("Hi " + i);
    }

    List<LlmCallEvent> events = events(2);
    assertThat(events).extracting(event -> event.get(EventField.CALL_ID)).doesNotHaveDuplicates();
  }
}
