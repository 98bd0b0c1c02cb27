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
 * to 8 KiB of errors, and of answers in one document, that the SDK closes before their end.
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
   * An asynchronous client over OkHttp. The {@link dev.petrel.http.CallContext} of a call is that
   * of the thread that makes it, though the SDK sends from another one.
   *
   * @param options as those of {@link #client}
   */
  public static OpenAIClientAsync asyncClient(
      HttpCallObserver observer, Consumer<ClientOptions.Builder> options) {
    return carryingContext(new OpenAIClientAsyncImpl(options(observer, options)), observer);
  }

  /**
   * An asynchronous client of yours whose requests carry the context of the thread that makes a
   * call to its transport. That must be a watched one, by {@link #transport} or by Petrel's OkHttp
   * interceptor, which takes the context off again: anything else would send it, unreadable though
   * it is.
   */
  public static OpenAIClientAsync carryingContext(
      OpenAIClientAsync client, HttpCallObserver observer) {
    return CarryingService.of(
        OpenAIClientAsync.class,
        requireNonNull(client, "client"),
        requireNonNull(observer, "observer"));
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
