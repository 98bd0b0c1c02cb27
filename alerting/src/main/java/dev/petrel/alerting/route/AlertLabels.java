// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import dev.petrel.alerting.alert.Alert;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What matchers and groups see of an alert. */
public final class AlertLabels {

  /** What every alert has besides its own labels. */
  public static final Set<String> FURTHER = Set.of("rule", "pattern", "severity", "alert_id");

  /** Where an alert happens: alerts of different environments never have to do with each other. */
  static final String ENVIRONMENT = "environment";

  private AlertLabels() {}

  /** The alert's labels, and its rule, pattern, severity and id. */
  public static Map<String, String> of(Alert alert) {
    Map<String, String> labels = new LinkedHashMap<>(alert.labels());
    labels.put("rule", alert.rule());
    labels.put("pattern", alert.pattern());
    labels.put("severity", alert.severity().wireName());
    labels.put("alert_id", alert.alertId());
    return Collections.unmodifiableMap(labels);
  }

  /** The same text for all episodes of the same thing: the rule and the alert's own labels. */
  public static String fingerprint(Alert alert) {
    return alert.rule() + new TreeMap<>(alert.labels());
  }
}
