// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import java.time.Duration;

/** Any client that is not LangChain4j's for the JDK: the same, but nobody here knows it. */
class OtherChatModelTest extends ChatModelContract {

  @Override
  HttpClientBuilder clients() {
    return ObservedHttpClientBuilder.of(new OtherBuilder(), observer);
  }

  private static final class OtherBuilder implements HttpClientBuilder {
    private final JdkHttpClientBuilder builder = JdkHttpClient.builder();

    @Override
    public Duration connectTimeout() {
      return builder.connectTimeout();
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      builder.connectTimeout(timeout);
      return this;
    }

    @Override
    public Duration readTimeout() {
      return builder.readTimeout();
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      builder.readTimeout(timeout);
      return this;
    }

    @Override
    public HttpClient build() {
      return builder.build();
    }
  }
}
