// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petrel.event.WireNamed;

/** What a receiver is told about an episode. */
public enum Action implements WireNamed {
  /** It has begun. */
  @JsonProperty("trigger")
  TRIGGER("trigger"),
  /** It has become wider or more severe. */
  @JsonProperty("update")
  UPDATE("update"),
  /** It is over. */
  @JsonProperty("resolve")
  RESOLVE("resolve");

  private final String wireName;

  Action(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
