// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an operator's file.
 *
 * @param model which models it is for
 * @param provider the id of the provider that it is for, null for any
 * @param entry its prices, if it states any, and limits
 * @param text what it says, in one form for all spellings
 */
record PriceOverride(NamePattern model, @Nullable String provider, PriceEntry entry, String text) {

  static PriceOverride of(
      String model,
      @Nullable String provider,
      Map<PriceKey, Long> stated,
      @Nullable Long contextWindow,
      @Nullable Long maxOutputTokens) {
    NamePattern pattern = new NamePattern(model);
    String providerId = provider == null ? null : Provider.idOf(provider);
    Prices prices = stated.isEmpty() ? null : Prices.of(stated);
    StringBuilder text = new StringBuilder();
    text.append(pattern).append(' ').append(providerId);
    stated.entrySet().stream()
        .sorted(Comparator.comparing(price -> price.getKey().text()))
        .forEach(
            price ->
                text.append(' ')
                    .append(price.getKey().text())
                    .append('=')
                    .append(price.getValue()));
    text.append(' ').append(contextWindow).append(' ').append(maxOutputTokens);
    return new PriceOverride(
        pattern,
        providerId,
        new PriceEntry("override:" + pattern, prices, contextWindow, maxOutputTokens),
        text.toString());
  }

  /** Whether it is for a model of this name, called at or named as of these providers. */
  boolean isFor(ModelNames.Name name, Provider called) {
    return model.matches(name.name())
        && (provider == null
            || provider.equals(called.id())
            || (name.provider() != null && provider.equals(name.provider().id())));
  }
}
