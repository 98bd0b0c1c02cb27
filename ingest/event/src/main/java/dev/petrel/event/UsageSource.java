// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

/** Where an event's token counts come from. */
public enum UsageSource implements WireNamed {
  /** From the provider's own answer. */
  REPORTED("reported"),
  /** Computed by the client, for example with a tokenizer. */
  ESTIMATED("estimated"),
  /** The provider sent none, for example because the stream was cut. */
  MISSING("missing");

  private final String wireName;

  UsageSource(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
