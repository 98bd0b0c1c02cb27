// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Pattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The texts about alerts that messages of all receivers are made of. Plain, not escaped. */
final class AlertText {

  /** Names that are listed before the rest is only counted. */
  private static final int NAMES = 5;

  private static final String PART_OF = "part_of ";

  private AlertText() {}

  /** What a notice is about, in a few words; the same for all notices about an unchanged group. */
  static String title(Notice notice) {
    if (notice.isSingle()) {
      return title(notice.first());
    }
    String common = subject(notice.commonLabels());
    int others = notice.alerts().size() - 1;
    return common.isEmpty()
        ? title(notice.first()) + ", and " + others + " more"
        : common + ": " + notice.alerts().size() + " alerts, first " + kind(notice.first());
  }

  /** What an alert is about, in a few words. */
  static String title(Alert alert) {
    String subject = subject(alert.labels());
    return (subject.isEmpty() ? "LLM calls" : subject) + ": " + kind(alert);
  }

  /** Who on what, as far as the labels tell; empty when they do not. */
  static String subject(Map<String, String> labels) {
    List<String> who = new ArrayList<>();
    for (String label : List.of("tenant", "service", "instance", "credential", "version")) {
      if (labels.containsKey(label)) {
        who.add(label + " " + labels.get(label));
      }
    }
    String what =
        (labels.getOrDefault("provider", "") + " " + labels.getOrDefault("model", "")).strip();
    if (who.isEmpty() || what.isEmpty()) {
      return String.join(", ", who) + what;
    }
    return String.join(", ", who) + " on " + what;
  }

  /** The pattern in words. */
  static String kind(Alert alert) {
    return switch (alert.pattern()) {
      case "provider_incident", "tenant_errors" -> "calls are failing";
      case "error_budget_burn" -> "the error budget is burning";
      case "authentication" -> "authentication fails";
      case "timeouts" -> "calls time out";
      case "latency" -> "calls are slow";
      case "silence" -> "no traffic";
      default -> alert.pattern().replace('_', ' ');
    };
  }

  /** What is wrong, or how it ended, in a sentence or two. */
  static String body(Notice notice) {
    if (!notice.isSingle()) {
      return counts(notice);
    }
    return notice.action() == Action.RESOLVE
        ? ending(notice.first()) + " It lasted " + lasted(notice) + "."
        : notice.first().summary();
  }

  /** How many alerts go on, of which kinds, and whom they are about. */
  private static String counts(Notice notice) {
    List<Alert> alerts = notice.alerts();
    long firing = alerts.stream().filter(alert -> alert.status() == Status.FIRING).count();
    Map<String, Long> kinds =
        alerts.stream()
            .collect(
                Collectors.groupingBy(AlertText::kind, LinkedHashMap::new, Collectors.counting()));
    List<String> counted =
        kinds.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(kind -> kind.getKey() + " " + kind.getValue())
            .toList();
    String text =
        notice.action() == Action.RESOLVE
            ? "All " + alerts.size() + " alerts are over, after " + lasted(notice) + ": "
            : firing + " of " + alerts.size() + " alerts go on: ";
    Set<String> tenants = new TreeSet<>();
    alerts.forEach(
        alert -> {
          if (alert.labels().containsKey("tenant")) {
            tenants.add(alert.labels().get("tenant"));
          }
        });
    text += names(counted) + ".";
    return tenants.isEmpty() ? text : text + " Tenants: " + names(List.copyOf(tenants)) + ".";
  }

  /** The first names, and how many more there are. */
  private static String names(List<String> names) {
    String text = names.stream().limit(NAMES).collect(Collectors.joining(", "));
    return names.size() > NAMES ? text + " and " + (names.size() - NAMES) + " more" : text;
  }

  /** The sample request ids of the alerts, without repeats, in their order. */
  static List<String> requestIds(List<Alert> alerts, int max) {
    return alerts.stream()
        .map(alert -> alert.evidence().get("request_ids"))
        .filter(List.class::isInstance)
        .flatMap(ids -> ((List<?>) ids).stream())
        .map(String::valueOf)
        .distinct()
        .limit(max)
        .toList();
  }

  /** The title with how it stands, to be seen at a glance. */
  static String heading(Notice notice) {
    return icon(notice) + (notice.action() == Action.RESOLVE ? " Resolved: " : " ") + title(notice);
  }

  /** What the message begins with, so that a glance tells how it stands. */
  static String icon(Notice notice) {
    return notice.action() == Action.RESOLVE ? "✅" : icon(notice.severity());
  }

  /** The same for one of several alerts. */
  static String icon(Alert alert) {
    return alert.status() == Status.RESOLVED ? "✅" : icon(alert.severity());
  }

  private static String icon(Severity severity) {
    return switch (severity) {
      case CRITICAL -> "🔴";
      case ERROR -> "🟠";
      case WARNING -> "🟡";
      case INFO -> "🔵";
    };
  }

  /** How the episode ended. */
  static String ending(Alert alert) {
    String because = String.valueOf(alert.evidence().getOrDefault("ended_because", "recovered"));
    if (because.startsWith(PART_OF)) {
      return "It has become part of incident "
          + because.substring(PART_OF.length())
          + ", which goes on.";
    }
    return switch (because) {
      case "recovered" ->
          isAboutFailures(alert)
              ? "It is over: the calls work again."
              : "It is over: back to normal.";
      case "no_traffic" -> "It is over: there are no such calls any more.";
      case "rule_removed" -> "It is over: its rule was removed.";
      default -> "It is over: " + because.toLowerCase(Locale.ROOT).replace('_', ' ') + ".";
    };
  }

  private static boolean isAboutFailures(Alert alert) {
    return Pattern.FAILURES.stream()
        .anyMatch(pattern -> pattern.wireName().equals(alert.pattern()));
  }

  /** When the last of the episodes that are over ended, in ms since the epoch. */
  static long endedAt(Notice notice) {
    return notice.alerts().stream()
        .mapToLong(alert -> alert.endsAt() == null ? alert.updatedAt() : alert.endsAt())
        .max()
        .orElseThrow();
  }

  /** How long the incident lasted. */
  static String lasted(Notice notice) {
    Duration duration = Duration.ofMillis(Math.max(0, endedAt(notice) - notice.startsAt()));
    if (duration.toHours() > 0) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
    return duration.toMinutes() > 0
        ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
        : duration.toSeconds() + " s";
  }
}
