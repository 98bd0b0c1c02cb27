// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import dev.petrel.http.HttpCallObserver;
import dev.petrel.okhttp.ObservingInterceptor;
import dev.petrel.publisher.CallPublisher;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Has Spring AI's models observed: those on OpenAI's and Anthropic's SDKs attempt by attempt, in
 * their HTTP clients; all others call by call, by Micrometer's observations of them.
 */
@AutoConfiguration(after = PetrelAutoConfiguration.class)
@ConditionalOnBean(HttpCallObserver.class)
public final class ObservedModelsAutoConfiguration {

  /** For Spring. */
  ObservedModelsAutoConfiguration() {}

  /** Adds a header to what options have already. */
  private static Map<String, String> with(
      @Nullable Map<String, String> headers, String name, String value) {
    Map<String, String> more = headers == null ? new HashMap<>() : new HashMap<>(headers);
    more.put(name, value);
    return more;
  }

  /** Models of {@code spring-ai-openai}, whichever endpoint they call. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(OpenAiHttpClientBuilderCustomizer.class)
  static class OpenAi {

    @Bean
    OpenAiHttpClientBuilderCustomizer petrelOpenAiCustomizer(HttpCallObserver observer) {
      return builder -> builder.interceptor(new ObservingInterceptor(observer));
    }

    @Bean
    HeaderOption petrelOpenAiHeader() {
      return (options, name, value) ->
          options instanceof OpenAiChatOptions openAi
              ? openAi.mutate().customHeaders(with(openAi.getCustomHeaders(), name, value)).build()
              : null;
    }
  }

  /** Models of {@code spring-ai-anthropic}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(AnthropicHttpClientBuilderCustomizer.class)
  static class Anthropic {

    @Bean
    AnthropicHttpClientBuilderCustomizer petrelAnthropicCustomizer(HttpCallObserver observer) {
      return builder -> builder.interceptor(new ObservingInterceptor(observer));
    }

    @Bean
    HeaderOption petrelAnthropicHeader() {
      return (options, name, value) ->
          options instanceof AnthropicChatOptions anthropic
              ? anthropic
                  .mutate()
                  .httpHeaders(with(anthropic.getHttpHeaders(), name, value))
                  .build()
              : null;
    }
  }

  /** On whose behalf chat clients call. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ChatClientBuilderCustomizer.class)
  static class ChatClients {

    @Bean
    @ConditionalOnMissingBean
    ContextPrompts petrelContextPrompts(
        HttpCallObserver observer, ObjectProvider<HeaderOption> options) {
      return new ContextPrompts(observer, options.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean
    CallContextAdvisor petrelCallContextAdvisor(ContextPrompts prompts) {
      return new CallContextAdvisor(prompts);
    }

    @Bean
    ChatClientBuilderCustomizer petrelChatClientCustomizer(CallContextAdvisor advisor) {
      return builder -> builder.defaultAdvisors(advisor);
    }
  }

  /** Models whose HTTP clients nobody here observes. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ChatModelObservationContext.class)
  static class OtherModels {

    @Bean
    @ConditionalOnBean(CallPublisher.class)
    UnobservedModelHandler petrelModelHandler(HttpCallObserver observer, CallPublisher publisher) {
      return new UnobservedModelHandler(observer, publisher);
    }
  }
}
