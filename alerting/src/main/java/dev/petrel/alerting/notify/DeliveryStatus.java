// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petrel.event.WireNamed;

/** What became of a notification. */
public enum DeliveryStatus implements WireNamed {
  /** Not accepted yet; when it has attempts, one of them may have been. */
  @JsonProperty("pending")
  PENDING("pending"),
  /** The receiver accepted it. */
  @JsonProperty("sent")
  SENT("sent"),
  /** Given up. */
  @JsonProperty("failed")
  FAILED("failed"),
  /** Not to be sent at all. */
  @JsonProperty("suppressed")
  SUPPRESSED("suppressed");

  private final String wireName;

  DeliveryStatus(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
