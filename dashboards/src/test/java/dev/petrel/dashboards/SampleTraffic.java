// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Made-up calls, the same for the same seed: three providers, tenants of very different size, and
 * on request a brownout of one provider.
 */
public final class SampleTraffic {

  /** The provider of a brownout. */
  public static final String FAILING_PROVIDER = "anthropic";

  private static final List<String[]> MODELS =
      List.of(
          new String[] {"openai", "gpt-5"},
          new String[] {"openai", "gpt-5-mini"},
          new String[] {FAILING_PROVIDER, "claude-opus-4-5"},
          new String[] {FAILING_PROVIDER, "claude-haiku-4-5"},
          new String[] {"google", "gemini-2.5-pro"},
          new String[] {"azure_openai", "gpt-5"});

  private static final List<String> CREDENTIALS = List.of("3f9a1c07", "b4410e52", "77d2c9aa");

  private static final ErrorType[] SPORADIC = {
    ErrorType.RATE_LIMIT,
    ErrorType.RATE_LIMIT,
    ErrorType.CLIENT_TIMEOUT,
    ErrorType.NETWORK,
    ErrorType.CONTEXT_LENGTH_EXCEEDED,
    ErrorType.INVALID_REQUEST,
    ErrorType.STREAM_INTERRUPTED,
    ErrorType.SERVER_ERROR
  };

  private final Random random;
  private final int tenants;
  private long events;

  public SampleTraffic(long seed, int tenants) {
    this.random = new Random(seed);
    this.tenants = tenants;
  }

  /** The attempts of one minute. */
  public List<LlmCallEvent> minute(long start, int calls, boolean brownout) {
    List<LlmCallEvent> attempts = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      call(start, brownout, attempts);
    }
    return attempts;
  }

  private void call(long start, boolean brownout, List<LlmCallEvent> attempts) {
    double popularity = random.nextDouble();
    String[] model = MODELS.get((int) (popularity * popularity * MODELS.size()));
    // Few tenants make most calls.
    int tenant = (int) (Math.pow(random.nextDouble(), 3) * tenants);
    String environment = random.nextInt(20) == 0 ? "staging" : "prod";
    ErrorType cause = null;
    for (int attempt = 0; attempt < 3; attempt++) {
      boolean failing = brownout && FAILING_PROVIDER.equals(model[0]);
      ErrorType error = null;
      if (failing && random.nextInt(10) < 6) {
        error = random.nextInt(5) == 0 ? ErrorType.SERVER_ERROR : ErrorType.OVERLOADED;
      } else if (random.nextInt(tenant == 3 ? 12 : 80) == 0) {
        error = SPORADIC[random.nextInt(SPORADIC.length)];
      }
      attempts.add(attempt(start, model, tenant, environment, attempt, error, cause));
      if (error == null || !error.retryable()) {
        return;
      }
      cause = error;
    }
  }

  private LlmCallEvent attempt(
      long start,
      String[] model,
      int tenant,
      String environment,
      int attempt,
      @org.jspecify.annotations.Nullable ErrorType error,
      @org.jspecify.annotations.Nullable ErrorType cause) {
    long input = 200 + random.nextInt(6000);
    long output = 20 + random.nextInt(900);
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, "event-" + events++)
            .set(EventField.TIMESTAMP, start + random.nextInt(60_000))
            .set(EventField.ENVIRONMENT, environment)
            .set(EventField.PROVIDER, model[0])
            .set(EventField.RESPONSE_MODEL, model[1])
            .set(EventField.TENANT, tenantName(tenant))
            .set(EventField.INSTANCE, "pod-" + random.nextInt(4))
            .set(EventField.CREDENTIAL, CREDENTIALS.get(tenant % CREDENTIALS.size()))
            .set(EventField.REQUEST_ID, "req_" + Long.toHexString(random.nextLong()))
            .set(EventField.CONTEXT_WINDOW, 200_000L)
            .set(EventField.RATELIMIT, rateLimit(1000 - random.nextInt(600)))
            .set(EventField.ATTEMPT, (long) attempt)
            .set(EventField.RETRIED_ERROR_TYPE, cause)
            .set(EventField.DURATION_MS, Math.exp(6.6 + random.nextGaussian() * 0.7));
    if (error != null) {
      event.set(EventField.OUTCOME, Outcome.ERROR).set(EventField.ERROR_TYPE, error);
    } else {
      event
          .set(EventField.OUTCOME, Outcome.SUCCESS)
          .set(EventField.INPUT_TOKENS, input)
          .set(EventField.OUTPUT_TOKENS, output);
      if (!"google".equals(model[0])) {
        event.set(EventField.COST_NANO_USD, input * 1250 + output * 10_000);
      }
    }
    return event.build();
  }

  private static RateLimit rateLimit(long remaining) {
    return new RateLimit(new RateLimit.Headroom(1000L, remaining, null), null);
  }

  /** The name of a tenant by its rank. */
  public static String tenantName(int rank) {
    String[] names = {"acme", "globex", "initech", "umbrella", "hooli", "stark", "wayne", "tyrell"};
    return rank < names.length ? names[rank] : "tenant-" + rank;
  }

  /** The aggregates of the attempts of one window, for all kinds of scope. */
  public static List<CallStats> aggregate(
      long windowStart, List<LlmCallEvent> attempts, boolean closed, long revision) {
    Map<Scope, Measures> scopes = new LinkedHashMap<>();
    for (LlmCallEvent event : attempts) {
      for (Scope scope : scopesOf(event)) {
        Measures measures = scopes.computeIfAbsent(scope, key -> new Measures());
        measures.add(event);
        if (event.get(EventField.ATTEMPT, 0) > 0) {
          measures.addRetryAfterAsk(event.timestamp() % 4 == 0);
        }
      }
    }
    List<CallStats> stats = new ArrayList<>();
    scopes.forEach(
        (scope, measures) ->
            stats.add(
                new CallStats(
                    scope, windowStart, CallStats.WINDOW_MS, closed, revision, measures)));
    return stats;
  }

  /** The aggregates of longer windows that those of minutes are in. */
  public static List<CallStats> rollups(Collection<CallStats> minutes, long windowMs) {
    Map<String, CallStats> rollups = new LinkedHashMap<>();
    for (CallStats minute : minutes) {
      CallStats empty =
          new CallStats(
              minute.scope(),
              CallStats.windowStartOf(minute.windowStart(), windowMs),
              windowMs,
              minute.closed(),
              minute.revision(),
              new Measures());
      rollups.computeIfAbsent(empty.key(), key -> empty).measures().mergeWindow(minute.measures());
    }
    return List.copyOf(rollups.values());
  }

  private static List<Scope> scopesOf(LlmCallEvent event) {
    String environment = event.get(EventField.ENVIRONMENT);
    String provider = String.valueOf(event.get(EventField.PROVIDER));
    String model = String.valueOf(event.get(EventField.RESPONSE_MODEL));
    String tenant = String.valueOf(event.get(EventField.TENANT));
    return List.of(
        Scope.all(environment),
        Scope.provider(environment, provider),
        Scope.model(environment, provider, model),
        Scope.tenant(environment, tenant),
        Scope.tenantModel(environment, tenant, provider, model));
  }
}
