// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import dev.petrel.event.RateLimit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The providers' side: decides how attempts end. They have to be asked in the order of the
 * attempts' starts, as what is left of a limit depends on what came before. Not thread-safe.
 */
final class Providers {

  private static final double REFUSAL_MILLIS = 80;
  private static final double PROVIDER_TIMEOUT_MILLIS = 30_000;
  private static final long SECOND = 1000;

  private final Story story;
  private final Limits limits;
  private final @Nullable Credit credit;
  private final RandomGenerator random;

  Providers(Story story, Limits limits, RandomGenerator random) {
    this.story = story;
    this.limits = limits;
    this.credit = story.credit();
    this.random = random;
  }

  /**
   * Asks for an answer to a call.
   *
   * @param credential fingerprint of the key that was sent, null when none was
   * @param at when the attempt starts, in ms from the start of the simulation
   */
  Answer answer(SimulatedCall call, @Nullable String credential, long at) {
    Failure refusal = story.refusal(call, credential, at);
    if (refusal != null) {
      return refused(refusal, Answer.NOT_ASKED, null);
    }
    long tokens = call.inputTokens() + call.outputTokens();
    Credit spent = credit != null && credit.provider() == call.provider() ? credit : null;
    if (spent != null && !spent.spend(at, tokens)) {
      // Waiting does not help, so the provider does not ask to wait.
      return refused(
          Failures.of(call.provider(), ErrorType.QUOTA_EXHAUSTED), Answer.NOT_ASKED, null);
    }
    Account account = limits.of(call.service(), call.model());
    long wait = account.ask(at, tokens, story.granted(call.service().account(), at));
    RateLimit told = call.provider().tellsLimits() ? headers(account, spent) : null;
    if (wait > 0) {
      return refused(
          Failures.of(call.provider(), ErrorType.RATE_LIMIT),
          Math.ceilDiv(wait, SECOND) * SECOND,
          told);
    }
    return served(call, story.conditions(call, at), told);
  }

  private Answer served(SimulatedCall call, Conditions conditions, @Nullable RateLimit told) {
    if (random.nextDouble() < conditions.failureRate()) {
      return failed(call, conditions, conditions.mix().next(random), told);
    }
    if (call.inputTokens() > call.mostInputTokens()) {
      return refused(
          Failures.of(call.provider(), ErrorType.CONTEXT_LENGTH_EXCEEDED), Answer.NOT_ASKED, told);
    }
    double firstChunk =
        call.model().baseMillis() * conditions.slowness() * spread(0.35)
            + (call.inputTokens() - call.cachedTokens()) * conditions.millisPerInputToken();
    double whole =
        firstChunk
            + call.outputTokens()
                * call.model().millisPerToken()
                * conditions.slowness()
                * spread(0.2);
    boolean streams = call.service().streams();
    double timeout = timeoutMillis(call);
    if ((streams ? firstChunk : whole) > timeout) {
      return unanswered(call, ErrorType.CLIENT_TIMEOUT, timeout);
    }
    return new Answer(null, whole, streams ? firstChunk : Double.NaN, Answer.NOT_ASKED, told);
  }

  private Answer failed(
      SimulatedCall call, Conditions conditions, ErrorType type, @Nullable RateLimit told) {
    double workMillis = call.model().baseMillis() * conditions.slowness() * spread(0.5);
    return switch (type) {
      case CLIENT_TIMEOUT -> unanswered(call, type, timeoutMillis(call));
      case NETWORK, CANCELLED -> unanswered(call, type, workMillis);
      case PROVIDER_TIMEOUT ->
          new Answer(
              Failures.of(call.provider(), type),
              PROVIDER_TIMEOUT_MILLIS,
              Double.NaN,
              Answer.NOT_ASKED,
              null);
      case INVALID_REQUEST -> refused(Failures.of(call.provider(), type), Answer.NOT_ASKED, told);
      default ->
          new Answer(
              Failures.of(call.provider(), type), workMillis, Double.NaN, Answer.NOT_ASKED, told);
    };
  }

  private static double timeoutMillis(SimulatedCall call) {
    return call.service().timeout().toNanos() / 1e6;
  }

  private static Answer unanswered(SimulatedCall call, ErrorType type, double millis) {
    return new Answer(
        Failures.of(call.provider(), type), millis, Double.NaN, Answer.NOT_ASKED, null);
  }

  /** An answer that takes no work. */
  private Answer refused(Failure failure, long retryAfter, @Nullable RateLimit told) {
    return new Answer(failure, REFUSAL_MILLIS * spread(0.3), Double.NaN, retryAfter, told);
  }

  /** A factor that scatters around 1. */
  private double spread(double deviation) {
    return Math.exp(deviation * random.nextGaussian());
  }

  /** Of several limits on tokens a provider tells the one of which least is left. */
  private static RateLimit headers(Account account, @Nullable Credit credit) {
    RateLimit.Headroom tokens = headroom(account.tokens());
    if (credit != null
        && (double) credit.left() / credit.paid()
            < (double) account.tokens().remaining() / account.tokens().limit()) {
      tokens = new RateLimit.Headroom(credit.paid(), credit.left(), null);
    }
    return new RateLimit(headroom(account.requests()), tokens);
  }

  private static RateLimit.Headroom headroom(Account.Bucket bucket) {
    return new RateLimit.Headroom(bucket.limit(), bucket.remaining(), bucket.resetMillis());
  }
}
