// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How fast a provider promised to answer, as far as it has a price of its own. */
enum ServiceTier {
  STANDARD("standard"),
  BATCH("batch"),
  FLEX("flex"),
  PRIORITY("priority");

  static final int COUNT = values().length;

  private final String key;

  ServiceTier(String key) {
    this.key = key;
  }

  /** Its place in arrays of all tiers, which only live as long as the process. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** Its name in the snapshot and in an operator's file. */
  String key() {
    return key;
  }

  static @Nullable ServiceTier ofKey(String key) {
    for (ServiceTier tier : values()) {
      if (tier.key.equals(key)) {
        return tier;
      }
    }
    return null;
  }

  /** The tier that a provider's answer names; null when it is none that prices are known for. */
  static @Nullable ServiceTier ofAnswer(@Nullable String name) {
    if (name == null) {
      return STANDARD;
    }
    return switch (name.trim().toLowerCase(Locale.ROOT)) {
      // What OpenAI, Anthropic, Bedrock, Groq and Vertex AI call it when nothing special was sold.
      case "", "standard", "default", "auto", "on_demand", "on-demand", "standard_only" -> STANDARD;
      case "batch" -> BATCH;
      case "flex" -> FLEX;
      case "priority" -> PRIORITY;
      default -> null;
    };
  }
}
