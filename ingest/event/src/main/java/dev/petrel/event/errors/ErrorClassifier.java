// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import dev.petrel.event.ErrorType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sorts failed attempts into the taxonomy of {@link ErrorType}, by rules kept as data.
 *
 * <p>The rules are tried in order, the first that matches decides: what the caller did, the
 * provider's codes, its words, then exceptions, and the bare status at last. Codes go before words
 * and words before the status, as the same status, and even the same code, means different things:
 * a 429 can be a rate limit or an empty account, a 400 a bad key, a long prompt or a typing error.
 *
 * <p>Costs about a tenth of a millisecond for the errors that logs hold, some ten milliseconds at
 * worst: text beyond 16 KiB is not looked at. Immutable and thread-safe.
 */
public final class ErrorClassifier {

  private static final String SHOULD_RETRY = "x-should-retry";

  private final String version;
  private final List<ErrorRule> rules;
  private final Set<String> exceptionNames;
  private final InstantSource clock;

  ErrorClassifier(ErrorRules rules, InstantSource clock) {
    this.version = rules.version();
    this.rules = rules.rules();
    this.clock = clock;
    this.exceptionNames =
        this.rules.stream()
            .flatMap(rule -> rule.alternatives().stream())
            .flatMap(condition -> condition.exceptions().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The classifier with Petrel's own rules; always the same one. */
  public static ErrorClassifier standard() {
    return Standard.CLASSIFIER;
  }

  /** Loaded when first asked for: most applications start without an error. */
  private static final class Standard {
    static final ErrorClassifier CLASSIFIER =
        new ErrorClassifier(ErrorRules.standard(), InstantSource.system());
  }

  /** The version of the rules, their date. */
  public String version() {
    return version;
  }

  /** Says why the reported attempt failed; never throws. */
  public Classification classify(ErrorReport report) {
    ErrorFacts facts = ErrorFacts.of(report, exceptionNames);
    for (ErrorRule rule : rules) {
      if (rule.matches(facts)) {
        return classification(report, facts, rule);
      }
    }
    return classification(report, facts, null);
  }

  private Classification classification(
      ErrorReport report, ErrorFacts facts, @Nullable ErrorRule rule) {
    ErrorType type = rule == null ? ErrorType.UNKNOWN : rule.type();
    return new Classification(
        type,
        rule == null ? null : rule.detail(),
        retryable(report.headers(), type, rule),
        rule == null ? Classification.NO_RULE : rule.id(),
        facts.status(),
        facts.fields().type(),
        facts.fields().code(),
        facts.fields().param(),
        facts.exception(),
        facts.message(),
        RequestIds.of(report.headers(), facts.fields().requestId()),
        RetryAfter.ms(report.headers(), facts.fields().retryDelay(), clock.instant()));
  }

  private static boolean retryable(
      Map<String, String> headers, ErrorType type, @Nullable ErrorRule rule) {
    String asked = headers.get(SHOULD_RETRY);
    if ("true".equals(asked) || "false".equals(asked)) {
      return Boolean.parseBoolean(asked);
    }
    Boolean ofRule = rule == null ? null : rule.retryable();
    return ofRule == null ? type.retryable() : ofRule;
  }
}
