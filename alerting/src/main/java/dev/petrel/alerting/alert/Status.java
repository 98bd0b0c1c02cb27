// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.alert;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petrel.event.WireNamed;

/** Whether an episode goes on. A pending one is not published at all. */
public enum Status implements WireNamed {
  /** It goes on. */
  @JsonProperty("firing")
  FIRING("firing"),
  /** It is over, for good: a new failure is a new episode. */
  @JsonProperty("resolved")
  RESOLVED("resolved");

  private final String wireName;

  Status(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
