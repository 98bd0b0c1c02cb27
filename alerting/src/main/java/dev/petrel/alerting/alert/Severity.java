// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.alert;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petrel.event.WireNamed;

/** How urgent an alert is, from least to most, in PagerDuty's words. */
public enum Severity implements WireNamed {
  /** For the record. */
  @JsonProperty("info")
  INFO("info"),
  /** One tenant is hurt. */
  @JsonProperty("warning")
  WARNING("warning"),
  /** Several tenants are hurt. */
  @JsonProperty("error")
  ERROR("error"),
  /** A whole provider fails, or half of the calls or more. */
  @JsonProperty("critical")
  CRITICAL("critical");

  private final String wireName;

  Severity(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** The more urgent of two. */
  public Severity or(Severity other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
