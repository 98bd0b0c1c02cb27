// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import org.jspecify.annotations.Nullable;

/** A kind of token that has a price of its own. */
enum Rate {
  INPUT("input", true),
  OUTPUT("output", false),
  CACHE_READ("cache_read", true),
  /** Kept for the provider's default time, with Anthropic five minutes. */
  CACHE_WRITE("cache_write", true),
  /** Kept for an hour. */
  CACHE_WRITE_1H("cache_write_1h", true),
  REASONING("reasoning", false),
  AUDIO_INPUT("audio_input", true),
  AUDIO_OUTPUT("audio_output", false);

  static final int COUNT = values().length;

  private final String key;
  private final boolean inputSide;

  Rate(String key, boolean inputSide) {
    this.key = key;
    this.inputSide = inputSide;
  }

  static @Nullable Rate ofKey(String key) {
    for (Rate rate : values()) {
      if (rate.key.equals(key)) {
        return rate;
      }
    }
    return null;
  }

  /** Its place in arrays of all rates, which only live as long as the process. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** Its name in the snapshot and in an operator's file. */
  String key() {
    return key;
  }

  /** The price that this one changes with: tiers and long contexts multiply a whole side. */
  Rate anchor() {
    return inputSide ? INPUT : OUTPUT;
  }
}
