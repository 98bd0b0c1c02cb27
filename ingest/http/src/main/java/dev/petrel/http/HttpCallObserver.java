// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.prices.PriceTable;
import dev.petrel.publisher.CallPublisher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of the LLM calls that HTTP clients make, an event for each attempt. One for all
 * clients of an application, so that retries are known as such whichever client sends them.
 *
 * <p>What is no LLM call by its address is not looked at. Of an LLM call, model, usage and the like
 * are picked out of request and answer while they pass by; prompts and answers are never kept.
 * Nothing here throws into a client, or waits. Thread-safe.
 *
 * <p>
 *
 * {@snippet :
 * HttpCallObserver observer =
 *     HttpCallObserver.newBuilder(publisher).service("support-bot").environment("prod").build();
 * HttpClient client = ObservedHttpClient.of(HttpClient.newHttpClient(), observer);
 * }
 */
public final class HttpCallObserver {

  /**
   * Name of the request header in which a call's context goes from the thread that makes the call
   * to the one that sends it, where an SDK changes threads in between. Hooks read it and take it
   * off: it never leaves the process.
   */
  public static final String CONTEXT_HEADER = "x-petrel-context";

  private static final Pattern RETRY_COUNT = Pattern.compile("\\d{1,4}");
  private static final Pattern BEARER = Pattern.compile("(?i)bearer\\s+(\\S+)\\s*");
  private static final Pattern KEY_IN_QUERY = Pattern.compile("(?:^|&)key=([^&]+)");

  private final CallPublisher publisher;
  private final ObserverSettings settings;
  private final Retries retries = new Retries();
  private final InstantSource clock;
  private final LongAdder failures = new LongAdder();
  private final StallWatch stalls;

  private HttpCallObserver(
      CallPublisher publisher, ObserverSettings settings, InstantSource clock) {
    this.publisher = publisher;
    this.settings = settings;
    this.clock = clock;
    this.stalls = new StallWatch(settings.stallTimeout());
  }

  /** A builder with the defaults that its methods state. */
  public static Builder newBuilder(CallPublisher publisher) {
    return new Builder(requireNonNull(publisher, "publisher"));
  }

  /**
   * Begins to watch an attempt, if it is one of an LLM call.
   *
   * @param method the request's, in capitals
   * @param uri the request's
   * @param headers the request's
   * @return null when it is no LLM call
   */
  public @Nullable HttpAttempt begin(String method, URI uri, HeaderSource headers) {
    try {
      Endpoint endpoint = Endpoint.of(method, uri);
      if (endpoint == null) {
        return null;
      }
      HttpAttempt attempt =
          new HttpAttempt(
              this,
              new RequestFacts(
                  clock.millis(),
                  nanoTime(),
                  settings.withProvider(endpoint),
                  uri.getHost(),
                  uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath(),
                  attemptNumber(headers),
                  headers.first("user-agent"),
                  key(uri, headers),
                  contextOf(headers)));
      stalls.watch(attempt);
      return attempt;
    } catch (RuntimeException e) {
      failures.increment();
      return null;
    }
  }

  /** The context that came with the request, else the thread's. */
  private CallContext contextOf(HeaderSource headers) {
    String carried = headers.first(CONTEXT_HEADER);
    CallContext context = carried == null ? null : ContextSeal.ofProcess().open(carried);
    return context == null ? currentContext() : context;
  }

  /** What calls that this thread starts have as context, completed by its MDC. */
  public CallContext currentContext() {
    return settings.contextOf(CallScope.current());
  }

  /**
   * Puts into the event of a call that no HTTP hook sees what the events of all calls have: the
   * application's own fields, and on whose behalf.
   *
   * @return {@code event}
   */
  public LlmCallEvent.Builder complete(LlmCallEvent.Builder event, CallContext context) {
    settings.complete(event, context);
    return event;
  }

  /**
   * A value for {@link #CONTEXT_HEADER} by which the request's attempts have this context,
   * whichever thread sends them. What it leaves open is taken from the calling thread's MDC.
   *
   * @return opaque; readable in this process only
   */
  public String carry(CallContext context) {
    try {
      return ContextSeal.ofProcess().seal(settings.contextOf(context));
    } catch (RuntimeException e) {
      failures.increment();
      return ""; // Nobody's seal: the attempts have what their thread has.
    }
  }

  private static @Nullable Long attemptNumber(HeaderSource headers) {
    String count = headers.first("x-stainless-retry-count");
    return count != null && RETRY_COUNT.matcher(count).matches() ? Long.valueOf(count) : null;
  }

  private static @Nullable String key(URI uri, HeaderSource headers) {
    String authorization = headers.first("authorization");
    if (authorization != null) {
      Matcher bearer = BEARER.matcher(authorization);
      if (bearer.matches()) {
        return bearer.group(1);
      }
    }
    for (String name : new String[] {"x-api-key", "api-key", "x-goog-api-key"}) {
      String key = headers.first(name);
      if (key != null && !key.isBlank()) {
        return key.strip();
      }
    }
    Matcher inQuery = uri.getRawQuery() == null ? null : KEY_IN_QUERY.matcher(uri.getRawQuery());
    return inQuery != null && inQuery.find() ? inQuery.group(1) : null;
  }

  /** What went wrong here, and so made an event less complete, or lost it. Zero, if all is well. */
  public long failures() {
    return failures.sum();
  }

  /** Runs something that must not harm the client whatever it does. */
  void safely(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      failures.increment();
    }
  }

  void ended(HttpAttempt attempt, FinishedAttempt finished) {
    stalls.forget(attempt);
    boolean unused = publisher.publish(finished);
  }

  Retries retries() {
    return retries;
  }

  ObserverSettings settings() {
    return settings;
  }

  long nanoTime() {
    return System.nanoTime();
  }

  Instant now() {
    return clock.instant();
  }

  /** Assembles an {@link HttpCallObserver}. Not thread-safe. */
  public static final class Builder {
    private final CallPublisher publisher;
    private final ObserverSettings.Draft draft = new ObserverSettings.Draft();
    private InstantSource clock = InstantSource.system();

    private Builder(CallPublisher publisher) {
      this.publisher = publisher;
    }

    /** The {@code service} of all events. Default: unknown. */
    public Builder service(String service) {
      draft.put(EventField.SERVICE, service);
      return this;
    }

    /** The {@code instance} of all events. Default: unknown. */
    public Builder instance(String instance) {
      draft.put(EventField.INSTANCE, instance);
      return this;
    }

    /** The {@code version} of all events. Default: unknown. */
    public Builder version(String version) {
      draft.put(EventField.VERSION, version);
      return this;
    }

    /** The {@code environment} of all events. Default: unknown. */
    public Builder environment(String environment) {
      draft.put(EventField.ENVIRONMENT, environment);
      return this;
    }

    /**
     * Whose API answers at a host that is no provider's own, for example a proxy's. Default: the
     * one whose protocol it speaks.
     */
    public Builder provider(String provider) {
      draft.provider(provider);
      return this;
    }

    /**
     * The key under which users and API keys are hashed; the same for all services. Without it
     * events have no {@code user}, and a {@code credential} under a key that everybody knows: keys
     * are long enough not to be guessed, users are not.
     *
     * @throws IllegalArgumentException when the key has less than 16 bytes
     */
    public Builder hashKey(String key) {
      draft.hashKey(key);
      return this;
    }

    /**
     * Names of the SLF4J MDC's entries from which tenant and user are taken where the {@link
     * CallContext} has none; null for not at all. Default {@code tenant} and {@code user}.
     */
    public Builder mdcKeys(@Nullable String tenant, @Nullable String user) {
      draft.mdcKeys(tenant, user);
      return this;
    }

    /** What calls cost. Default: {@link PriceTable#bundled}. */
    public Builder prices(PriceTable prices) {
      draft.prices(prices);
      return this;
    }

    /**
     * After how long without any byte an attempt that nobody ends is told of as stalled. It goes on
     * all the same. Default 10 minutes, which is the most that SDKs wait by default.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public Builder stallTimeout(Duration stallTimeout) {
      draft.stallTimeout(stallTimeout);
      return this;
    }

    Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /** Builds the observer. */
    public HttpCallObserver build() {
      return new HttpCallObserver(publisher, draft.settings(), clock);
    }
  }
}
