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
import org.jspecify.annotations.Nullable;

/** Reads a rule file as a whole: any mistake refuses all of it. Thread-safe. */
public final class AlertRulesReader {

  private static final String API_VERSION = "petrel.dev/v1";
  private static final String KIND = "AlertRules";

  private final List<Integration> integrations;
  private final Map<String, String> environment;
  private final boolean sampleSecrets;

  /**
   * @param integrations the kinds of receivers that there are
   * @param environment where secrets can be, the process's
   */
  public AlertRulesReader(List<Integration> integrations, Map<String, String> environment) {
    this(integrations, environment, false);
  }

  private AlertRulesReader(
      List<Integration> integrations, Map<String, String> environment, boolean sampleSecrets) {
    this.integrations = List.copyOf(integrations);
    this.environment = Map.copyOf(environment);
    this.sampleSecrets = sampleSecrets;
  }

  /** One that reads no secrets: what it reads can be checked, but tells nobody. */
  public static AlertRulesReader withoutSecrets(List<Integration> integrations) {
    return new AlertRulesReader(integrations, Map.of(), true);
  }

  /**
   * Reads.
   *
   * @throws RuleFileException with the place of the first mistake
   */
  public AlertRules read(Path file, byte[] bytes) {
    YamlMap root = YamlFile.read(file.toString(), bytes).map();
    root.allow(
        "apiVersion",
        "kind",
        "default_rules",
        "rules",
        "route",
        "inhibit_rules",
        "time_intervals",
        "receivers");
    root.required("apiVersion").oneOf(List.of(API_VERSION));
    root.required("kind").oneOf(List.of(KIND));
    Path directory = file.toAbsolutePath().getParent();
    Secrets secrets =
        sampleSecrets
            ? Secrets.samples()
            : new Secrets(environment, directory == null ? file : directory);
    return new AlertRules(RulesReader.read(root), policy(root, secrets), secrets.files());
  }

  /** A file can leave routes and receivers to the settings. */
  private @Nullable NotificationPolicy policy(YamlMap root, Secrets secrets) {
    if (root.find("route") == null && root.find("receivers") == null) {
      for (String key : List.of("inhibit_rules", "time_intervals")) {
        YamlValue value = root.find(key);
        if (value != null) {
          throw value.error("needs 'route' and 'receivers'");
        }
      }
      return null;
    }
    Map<String, List<TimeInterval>> intervals = TimeIntervalReader.read(root);
    List<InhibitRule> inhibitRules = root.list("inhibit_rules", InhibitRuleReader::read);
    Map<String, Receiver> receivers = new ReceiverReader(integrations, secrets).read(root);
    Route route =
        new RouteReader(receivers.keySet(), intervals.keySet()).root(root.required("route").map());
    return new NotificationPolicy(new Routing(route, inhibitRules, intervals), receivers);
  }
}
