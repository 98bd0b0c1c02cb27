// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.petrel.http.HttpCallObserver;
import dev.petrel.http.ObservedHttpClient;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Builds the JDK's client as the given builder does, and has it watched. */
final class ObservedJdkBuilder implements HttpClient.Builder {

  private final HttpClient.Builder builder;
  private final HttpCallObserver observer;

  private ObservedJdkBuilder(HttpClient.Builder builder, HttpCallObserver observer) {
    this.builder = builder;
    this.observer = observer;
  }

  /**
   * Lets a {@link JdkHttpClientBuilder} build its client upon a watched one.
   *
   * @throws ClassCastException when it is none
   */
  static void putUnder(HttpClientBuilder langChainBuilder, HttpCallObserver observer) {
    JdkHttpClientBuilder jdkBuilder = (JdkHttpClientBuilder) langChainBuilder;
    HttpClient.@Nullable Builder below = jdkBuilder.httpClientBuilder();
    if (!(below instanceof ObservedJdkBuilder)) { // One that was given twice is watched once.
      HttpClient.Builder own = below == null ? HttpClient.newBuilder() : below;
      jdkBuilder.httpClientBuilder(new ObservedJdkBuilder(own, observer));
    }
  }

  @Override
  public HttpClient build() {
    return ObservedHttpClient.of(builder.build(), observer);
  }

  @Override
  public HttpClient.Builder cookieHandler(CookieHandler cookieHandler) {
    builder.cookieHandler(cookieHandler);
    return this;
  }

  @Override
  public HttpClient.Builder connectTimeout(Duration duration) {
    builder.connectTimeout(duration);
    return this;
  }

  @Override
  public HttpClient.Builder sslContext(SSLContext sslContext) {
    builder.sslContext(sslContext);
    return this;
  }

  @Override
  public HttpClient.Builder sslParameters(SSLParameters sslParameters) {
    builder.sslParameters(sslParameters);
    return this;
  }

  @Override
  public HttpClient.Builder executor(Executor executor) {
    builder.executor(executor);
    return this;
  }

  @Override
  public HttpClient.Builder followRedirects(HttpClient.Redirect policy) {
    builder.followRedirects(policy);
    return this;
  }

  @Override
  public HttpClient.Builder version(HttpClient.Version version) {
    builder.version(version);
    return this;
  }

  @Override
  public HttpClient.Builder priority(int priority) {
    builder.priority(priority);
    return this;
  }

  @Override
  public HttpClient.Builder proxy(ProxySelector proxySelector) {
    builder.proxy(proxySelector);
    return this;
  }

  @Override
  public HttpClient.Builder authenticator(Authenticator authenticator) {
    builder.authenticator(authenticator);
    return this;
  }
}
