// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import static java.util.Objects.requireNonNull;

import java.util.IdentityHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The organisation's side: when calls arrive, and what they ask. Not thread-safe. */
final class Callers {

  private static final int USERS_PER_TENANT = 40;
  private static final int CONVERSATIONS_PER_USER = 3;

  /** No conversation goes on for longer; the ids of the next are others. */
  private static final long CONVERSATION_MILLIS = 4 * 3_600_000L;

  /** Most of a prompt that was in the conversation's last one. */
  private static final double MOST_CACHED = 0.6;

  private final Plan plan;
  private final Story story;
  private final @Nullable Flood flood;
  private final double floodPerSecond;
  private final RandomGenerator random;
  private final String idPrefix;
  private final Choice<SimulatedService> services =
      new Choice<>(SimulatedService.ALL, SimulatedService::weight);

  /** By identity, as there is one object of each service. */
  private final IdentityHashMap<SimulatedService, Choice<SimulatedModel>> models =
      new IdentityHashMap<>();

  private long calls;

  Callers(Plan plan, Story story, Limits limits, RandomGenerator random) {
    this.plan = plan;
    this.story = story;
    this.flood = story.flood();
    this.floodPerSecond =
        flood == null
            ? 0
            : flood.timesLimit()
                * limits.of(flood.service(), flood.model()).requests().limit()
                / 60.0;
    this.random = random;
    this.idPrefix =
        "sim-" + Long.toString(plan.start(), 36) + "-" + Long.toString(plan.seed(), 36) + "-";
    for (SimulatedService service : SimulatedService.ALL) {
      models.put(service, new Choice<>(service.models(), SimulatedModel::weight));
    }
  }

  /** Ms until the next call arrives. */
  double millisToNext(long at) {
    return random.nextExponential() / (ordinaryPerSecond(at) + floodPerSecond(at)) * 1000;
  }

  /** The call that arrives now; null when nobody makes it. */
  @Nullable SimulatedCall next(long at) {
    double flooding = floodPerSecond(at);
    if (flood != null && flooding > 0) {
      double all = ordinaryPerSecond(at) + flooding;
      if (random.nextDouble() * all < flooding) {
        return call(at, flood.tenant(), flood.service(), flood.model());
      }
    }
    SimulatedService service = services.next(random);
    if (story.silent(service, at)) {
      return null;
    }
    SimulatedModel model = requireNonNull(models.get(service)).next(random);
    return call(at, story.tenants().next(random), service, model);
  }

  private double ordinaryPerSecond(long at) {
    double season = plan.seasonal() ? Seasons.factor(plan.start() + at) : 1;
    return plan.callsPerSecond() * story.load(at) * season;
  }

  private double floodPerSecond(long at) {
    return flood != null && flood.when().contains(at) ? floodPerSecond : 0;
  }

  private SimulatedCall call(
      long at, String tenant, SimulatedService service, SimulatedModel model) {
    long user = Hex.mix(tenant.hashCode() * 31L + random.nextInt(USERS_PER_TENANT));
    long input = tokens(service.logInput(), SimulatedService.INPUT_DEVIATION);
    long output = tokens(service.logOutput(), SimulatedService.OUTPUT_DEVIATION);
    String conversation = null;
    double cached = 0;
    if (service.converses()) {
      long number = at / CONVERSATION_MILLIS * 31 + random.nextInt(CONVERSATIONS_PER_USER);
      conversation = Hex.of(Hex.mix(user + number));
      cached = random.nextDouble() * MOST_CACHED;
    }
    input = Math.min(input, model.contextWindow() - service.maxOutputTokens());
    SimulatedCall ordinary =
        new SimulatedCall(
            idPrefix + Long.toString(calls++, 36),
            tenant,
            Hex.of(user),
            conversation,
            service,
            random.nextInt(story.instances(service, at)),
            service.features().get(random.nextInt(service.features().size())),
            model,
            input,
            (long) (cached * input),
            Math.min(output, service.maxOutputTokens()));
    return story.prompt(ordinary, at, random);
  }

  private long tokens(double logMean, double deviation) {
    return 1 + (long) Math.exp(logMean + deviation * random.nextGaussian());
  }
}
