// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.completion;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.errors.Classification;
import dev.petrel.event.errors.ErrorClassifier;
import dev.petrel.event.errors.ErrorReport;
import dev.petrel.event.prices.Cost;
import dev.petrel.event.prices.PriceTable;
import dev.petrel.event.prices.Usage;
import dev.petrel.event.redaction.Redactor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is done to each event before it may leave the process: why it failed and what it cost is
 * worked out where it does not say so itself, and secrets are taken out. Thread-safe.
 */
public final class EventCompletion implements UnaryOperator<LlmCallEvent> {

  private final @Nullable PriceTable prices;

  /** Null takes the bundled prices, once they are needed: reading them takes time. */
  public EventCompletion(@Nullable PriceTable prices) {
    this.prices = prices;
  }

  @Override
  public LlmCallEvent apply(LlmCallEvent event) {
    return apply(event, null);
  }

  /**
   * As {@link #apply(LlmCallEvent)}, for a source that knows the tier that was sold.
   *
   * @param serviceTier as the provider's answer names it; null for the standard one
   */
  public LlmCallEvent apply(LlmCallEvent event, @Nullable String serviceTier) {
    return Redactor.standard().redact(priced(classified(event), serviceTier));
  }

  private static LlmCallEvent classified(LlmCallEvent event) {
    boolean failed = event.outcome() == Outcome.ERROR || event.outcome() == Outcome.CANCELLED;
    if (!failed || event.get(EventField.ERROR_TYPE) != null) {
      return event;
    }
    Classification found = ErrorClassifier.standard().classify(ErrorReport.ofEvent(event));
    LlmCallEvent.Builder builder = event.toBuilder().set(EventField.ERROR_TYPE, found.type());
    if (event.get(EventField.ERROR_DETAIL) == null && found.type() != ErrorType.UNKNOWN) {
      builder.set(EventField.ERROR_DETAIL, found.detail());
    }
    return builder.build();
  }

  private LlmCallEvent priced(LlmCallEvent event, @Nullable String serviceTier) {
    boolean hasUsage =
        event.get(EventField.INPUT_TOKENS) != null || event.get(EventField.OUTPUT_TOKENS) != null;
    boolean hasModel =
        event.get(EventField.RESPONSE_MODEL) != null || event.get(EventField.REQUEST_MODEL) != null;
    if (!hasUsage || !hasModel || event.get(EventField.COST_NANO_USD) != null) {
      return event;
    }
    PriceTable table = prices == null ? PriceTable.bundled() : prices;
    Cost cost = table.cost(Usage.newBuilder(event).serviceTier(serviceTier).build());
    return cost == null
        ? event
        : event.toBuilder()
            .set(EventField.COST_NANO_USD, cost.nanoUsd())
            .set(EventField.PRICE_VERSION, cost.priceVersion())
            .build();
  }
}
