// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderFactory;
import dev.petrel.http.HttpCallObserver;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Gives LangChain4j the HTTP client that it finds without this one, watched. For applications whose
 * models are built without {@code httpClientBuilder}. Thread-safe.
 *
 * <p>LangChain4j refuses two factories unless {@value #SELECTION} names one: name this class there,
 * or call {@link #observeWith}. Who tells of the calls is the observer set with that method;
 * without one, what {@link EnvironmentObserver the environment variables} configure; without these,
 * clients are handed out as they are.
 */
public final class ObservedHttpClientBuilderFactory implements HttpClientBuilderFactory {

  /** The system property by which LangChain4j chooses among factories. */
  public static final String SELECTION = "langchain4j.http.clientBuilderFactory";

  private static volatile @Nullable HttpCallObserver chosen;

  /** For {@link ServiceLoader}. */
  public ObservedHttpClientBuilderFactory() {}

  /**
   * Sets who observes the clients that are built from now on, and makes LangChain4j use this
   * factory unless {@value #SELECTION} is set already.
   */
  public static void observeWith(HttpCallObserver observer) {
    chosen = requireNonNull(observer, "observer");
    if (System.getProperty(SELECTION) == null) {
      System.setProperty(SELECTION, ObservedHttpClientBuilderFactory.class.getName());
    }
  }

  /** Leaves what is built from now on to the environment variables, as at the start. */
  static void forget() {
    chosen = null;
  }

  /**
   * A builder of the application's own HTTP client, watched.
   *
   * @throws IllegalStateException when there is not exactly one factory besides this one
   */
  @Override
  public HttpClientBuilder create() {
    HttpClientBuilder builder = other().create();
    HttpCallObserver current = chosen;
    HttpCallObserver observer = current == null ? EnvironmentObserver.shared() : current;
    return observer == null ? builder : ObservedHttpClientBuilder.of(builder, observer);
  }

  private static HttpClientBuilderFactory other() {
    List<ServiceLoader.Provider<HttpClientBuilderFactory>> others =
        others(Thread.currentThread().getContextClassLoader());
    if (others.isEmpty()) {
      others = others(ObservedHttpClientBuilderFactory.class.getClassLoader());
    }
    if (others.size() != 1) {
      throw new IllegalStateException(
          "Needs one HTTP client of LangChain4j on the class path to watch, such as"
              + " langchain4j-http-client-jdk; found "
              + others.stream().map(found -> found.type().getName()).toList());
    }
    return others.get(0).get();
  }

  private static List<ServiceLoader.Provider<HttpClientBuilderFactory>> others(
      @Nullable ClassLoader loader) {
    return ServiceLoader.load(HttpClientBuilderFactory.class, loader).stream()
        .filter(found -> !found.type().equals(ObservedHttpClientBuilderFactory.class))
        .toList();
  }
}
