// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.notify.NotificationPolicy;
import dev.petrel.alerting.notify.Receiver;
import dev.petrel.alerting.route.InhibitRule;
import dev.petrel.alerting.route.Route;
import dev.petrel.alerting.route.Routing;
import dev.petrel.alerting.route.TimeInterval;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads a rule file as a whole: any mistake refuses all of it. Thread-safe. */
public final class AlertRulesReader {

  private static final String API_VERSION = "petrel.dev/v1";
  private static final String KIND = "AlertRules";

  private final List<Integration> integrations;
  private final Map<String, String> environment;

  /**
   * @param integrations the kinds of receivers that there are
   * @param environment where secrets can be, the process's
   */
  public AlertRulesReader(List<Integration> integrations, Map<String, String> environment) {
    this.integrations = List.copyOf(integrations);
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads.
   *
   * @throws RuleFileException with the place of the first mistake
   */
  public AlertRules read(Path file, byte[] bytes) {
    YamlMap root = YamlFile.read(file.toString(), bytes).map();
    root.allow("apiVersion", "kind", "route", "inhibit_rules", "time_intervals", "receivers");
    root.required("apiVersion").oneOf(List.of(API_VERSION));
    root.required("kind").oneOf(List.of(KIND));
    Path directory = file.toAbsolutePath().getParent();
    Secrets secrets = new Secrets(environment, directory == null ? file : directory);
    Map<String, List<TimeInterval>> intervals = TimeIntervalReader.read(root);
    List<InhibitRule> inhibitRules = root.list("inhibit_rules", InhibitRuleReader::read);
    Map<String, Receiver> receivers = new ReceiverReader(integrations, secrets).read(root);
    Route route =
        new RouteReader(receivers.keySet(), intervals.keySet()).root(root.required("route").map());
    return new AlertRules(
        new NotificationPolicy(new Routing(route, inhibitRules, intervals), receivers),
        secrets.files());
  }
}
