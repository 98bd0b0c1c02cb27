// SPDX-License-Identifier: Apache-2.0
package dev.petrel.openai;

import static java.util.Objects.requireNonNull;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.OpenAIClientAsyncImpl;
import com.openai.client.OpenAIClientImpl;
import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.ClientOptions;
import com.openai.core.http.HttpClient;
import dev.petrel.http.HttpCallObserver;
import java.util.function.Consumer;

/**
 * Clients of OpenAI's Java SDK that make an event of each attempt, the SDK's own retries among
 * them.
 *
 * <p>They behave as the SDK's, but for two things: they offer no WebSockets (Realtime), and read up
 * to 8 KiB of errors, and of answers in one document, that the SDK closes before their end. Nothing
 * of the caller's thread reaches the thread on which an asynchronous client sends, and so no {@link
 * dev.petrel.http.CallContext} either.
 *
 * <p>
 *
 * {@snippet :
 * OpenAIClient client = ObservedOpenAi.client(observer, options -> options.fromEnv());
 * }
 */
public final class ObservedOpenAi {

  private ObservedOpenAi() {}

  /**
   * A client over OkHttp.
   *
   * @param options sets API key, address, timeouts, retries and so on. An HTTP client set there is
   *     not used: give that to {@link #transport}
   */
  public static OpenAIClient client(
      HttpCallObserver observer, Consumer<ClientOptions.Builder> options) {
    return new OpenAIClientImpl(options(observer, options));
  }

  /**
   * An asynchronous client over OkHttp. Its events have no tenant: see above.
   *
   * @param options as those of {@link #client}
   */
  public static OpenAIClientAsync asyncClient(
      HttpCallObserver observer, Consumer<ClientOptions.Builder> options) {
    return new OpenAIClientAsyncImpl(options(observer, options));
  }

  private static ClientOptions options(
      HttpCallObserver observer, Consumer<ClientOptions.Builder> options) {
    requireNonNull(observer, "observer");
    ClientOptions.Builder builder = ClientOptions.builder();
    options.accept(builder);
    // Timeouts come with each request. Last, as it has to be closed once it is there.
    return builder.httpClient(transport(OkHttpClient.builder().build(), observer)).build();
  }

  /**
   * Any transport of the SDK's, watched; for {@link ClientOptions.Builder#httpClient}. Closing it
   * closes the transport.
   */
  public static HttpClient transport(HttpClient transport, HttpCallObserver observer) {
    return new ObservedTransport(
        requireNonNull(transport, "transport"), requireNonNull(observer, "observer"));
  }
}
