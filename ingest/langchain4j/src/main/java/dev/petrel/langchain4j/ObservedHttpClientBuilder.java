// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.petrel.http.HttpCallObserver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Builds LangChain4j's HTTP clients so that they are watched: each attempt of an LLM call becomes
 * an event. Not thread-safe, as builders are; the clients are.
 *
 * <p>
 *
 * {@snippet :
 * OpenAiChatModel.builder()
 *     .httpClientBuilder(ObservedHttpClientBuilder.of(JdkHttpClient.builder(), observer))
 * }
 *
 * <p>LangChain4j's client for the JDK is watched from below, where all of the exchange is to be
 * seen. Of any other one only what passes through LangChain4j's interface is known: failed attempts
 * have no request id, retry advice or rate limits then, as its exceptions carry no headers.
 */
public final class ObservedHttpClientBuilder implements HttpClientBuilder {

  private static final String JDK_BUILDER = "dev.langchain4j.http.client.jdk.JdkHttpClientBuilder";

  private final HttpClientBuilder builder;
  private final HttpCallObserver observer;
  private final boolean isWatchedBelow;

  private ObservedHttpClientBuilder(
      HttpClientBuilder builder, HttpCallObserver observer, boolean isWatchedBelow) {
    this.builder = builder;
    this.observer = observer;
    this.isWatchedBelow = isWatchedBelow;
  }

  /** A builder of clients as the given one builds them, watched. It belongs to this one now. */
  public static ObservedHttpClientBuilder of(HttpClientBuilder builder, HttpCallObserver observer) {
    requireNonNull(observer, "observer");
    // By name: the JDK client's module need not be there.
    boolean isJdk = requireNonNull(builder, "builder").getClass().getName().equals(JDK_BUILDER);
    if (isJdk) {
      ObservedJdkBuilder.putUnder(builder, observer);
    }
    return new ObservedHttpClientBuilder(builder, observer, isJdk);
  }

  @Override
  public @Nullable Duration connectTimeout() {
    return builder.connectTimeout();
  }

  @Override
  public ObservedHttpClientBuilder connectTimeout(Duration timeout) {
    builder.connectTimeout(timeout);
    return this;
  }

  @Override
  public @Nullable Duration readTimeout() {
    return builder.readTimeout();
  }

  @Override
  public ObservedHttpClientBuilder readTimeout(Duration timeout) {
    builder.readTimeout(timeout);
    return this;
  }

  @Override
  public HttpClient build() {
    HttpClient client = builder.build();
    return new ScopedHttpClient(isWatchedBelow ? client : new WatchedHttpClient(client, observer));
  }
}
