// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.event.WireNamed;

/** A number that a rule can set. */
public enum Parameter implements WireNamed {
  /** Fires at this value or more. */
  ABOVE("above", Section.WHEN, Unit.NUMBER, "fires at this value or more"),
  /** Fires at this value or less. */
  BELOW("below", Section.WHEN, Unit.NUMBER, "fires at this value or less"),
  /** Recovers below this value: hysteresis. */
  RECOVER_BELOW("recover_below", Section.WHEN, Unit.NUMBER, "recovers below this value"),
  /** Recovers above this value: hysteresis. */
  RECOVER_ABOVE("recover_above", Section.WHEN, Unit.NUMBER, "recovers above this value"),
  /** Amplification beyond what two retries a call explain. */
  EXCESS("excess", Section.WHEN, Unit.NUMBER, "by what factor more than two retries explain"),
  /** Share of retries before the time that the provider asked for. */
  EARLY_SHARE("early_share", Section.WHEN, Unit.NUMBER, "or this share of retries comes too early"),
  /** Service level objective, as a share of attempts that must not fail. */
  OBJECTIVE("objective", Section.WHEN, Unit.NUMBER, "share of attempts that must succeed"),
  /** An amount of money. */
  USD("usd", Section.WHEN, Unit.NUMBER, "US dollars"),
  /** Fires when the limit is reached within this time. */
  WITHIN("within", Section.WHEN, Unit.DURATION, "fires when it is reached within this time"),
  /** Failed attempts that it takes. */
  MIN_BAD("min_bad", Section.EVIDENCE, Unit.NUMBER, "failed attempts that it takes"),
  /** Attempts that it takes. */
  MIN_ATTEMPTS("min_attempts", Section.EVIDENCE, Unit.NUMBER, "attempts that it takes"),
  /** Retries that it takes. */
  MIN_RETRIES("min_retries", Section.EVIDENCE, Unit.NUMBER, "retries that it takes"),
  /** How long a scope must be known. */
  MIN_HISTORY("min_history", Section.EVIDENCE, Unit.DURATION, "how long the scope must be known"),
  /** The least absolute difference. */
  MIN_CHANGE("min_change", Section.EVIDENCE, Unit.NUMBER, "least difference to normal"),
  /** What is looked at, in full minutes besides the current one. */
  WINDOW("window", Section.RULE, Unit.DURATION, "full minutes that count, with the current one"),
  /** How long the condition must hold. */
  FOR("for", Section.RULE, Unit.DURATION, "how long the condition must hold before it fires"),
  /** How long it must stay recovered. */
  KEEP_FIRING_FOR(
      "keep_firing_for", Section.RULE, Unit.DURATION, "how long it must stay recovered to resolve");

  /** Where in a rule it stands. */
  public enum Section implements WireNamed {
    /** The rule itself. */
    RULE("rule"),
    /** The condition. */
    WHEN("when"),
    /** What must be there for the condition to mean anything. */
    EVIDENCE("evidence");

    private final String wireName;

    Section(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }
  }

  /** How it is written. */
  public enum Unit {
    /** A number; shares are from 0 to 1. */
    NUMBER,
    /** A duration such as {@code 90s}, {@code 5m}, {@code 2h} or {@code 14d}; kept in ms. */
    DURATION
  }

  private final String wireName;
  private final Section section;
  private final Unit unit;
  private final String description;

  Parameter(String wireName, Section section, Unit unit, String description) {
    this.wireName = wireName;
    this.section = section;
    this.unit = unit;
    this.description = description;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** Where in a rule it stands. */
  public Section section() {
    return section;
  }

  /** How it is written. */
  public Unit unit() {
    return unit;
  }

  /** What it says, in a few words. */
  public String description() {
    return description;
  }
}
