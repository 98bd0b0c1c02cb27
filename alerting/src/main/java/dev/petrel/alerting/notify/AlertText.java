// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The texts about an alert that messages of all receivers are made of. Plain, not escaped. */
final class AlertText {

  private AlertText() {}

  /** What the alert is about, in a few words. */
  static String subject(Alert alert) {
    Map<String, String> labels = alert.labels();
    String scope = String.valueOf(alert.evidence().getOrDefault("scope_kind", ""));
    String provider = labels.getOrDefault("provider", "LLM provider");
    String model = labels.getOrDefault("model", "");
    return switch (scope) {
      case "provider" -> provider;
      case "model" -> provider + " " + model;
      case "tenant_model" -> "tenant " + labels.get("tenant") + " on " + provider + " " + model;
      default -> String.join(" ", labels.values());
    };
  }

  /** The share of failures, and what is normal. */
  static @Nullable String ratio(Alert alert) {
    Object recent = alert.evidence().get("recent_ratio");
    String ratio = percent(recent == null ? alert.evidence().get("ratio") : recent);
    String normal = percent(alert.evidence().get("normal_ratio"));
    return ratio == null || normal == null ? ratio : ratio + " (normally " + normal + ")";
  }

  private static @Nullable String percent(@Nullable Object ratio) {
    return ratio instanceof Number number
        ? String.format(
            Locale.ROOT,
            number.doubleValue() < 0.0995 ? "%.1f%%" : "%.0f%%",
            number.doubleValue() * 100)
        : null;
  }

  /** The names under a key of the evidence, and how many more there are. */
  static @Nullable String names(Alert alert, String key) {
    if (!(alert.evidence().get(key) instanceof List<?> names) || names.isEmpty()) {
      return null;
    }
    int shown = Math.min(5, names.size());
    int all =
        alert.evidence().get(key + "_count") instanceof Number count
            ? count.intValue()
            : names.size();
    String text =
        names.stream().limit(shown).map(String::valueOf).collect(Collectors.joining(", "));
    return all > shown ? text + " and " + (all - shown) + " more" : text;
  }

  /** The most frequent error types with their counts. */
  static @Nullable String errors(Alert alert) {
    if (!(alert.evidence().get("errors") instanceof Map<?, ?> errors) || errors.isEmpty()) {
      return null;
    }
    return errors.entrySet().stream()
        .limit(3)
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /** How the episode ended. */
  static String ending(Alert alert) {
    String because = String.valueOf(alert.evidence().getOrDefault("ended_because", "recovered"));
    if (because.startsWith("part_of ")) {
      return "It has become part of incident "
          + because.substring("part_of ".length())
          + ", which goes on.";
    }
    return because.equals("no_traffic")
        ? "It is over: there are no such calls any more."
        : "It is over: the calls work again.";
  }

  /** How long the episode lasted. */
  static String lasted(Alert alert) {
    long end = alert.endsAt() == null ? alert.updatedAt() : alert.endsAt();
    Duration duration = Duration.ofMillis(Math.max(0, end - alert.startsAt()));
    if (duration.toHours() > 0) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
    return duration.toMinutes() > 0
        ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
        : duration.toSeconds() + " s";
  }
}
