// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.backtest;

import dev.petrel.alerting.alert.Alert;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The episodes that a backtest has raised. Not thread-safe. */
public final class Told {

  /**
   * One episode, as it stands at the end.
   *
   * @param rule the rule's id
   * @param pattern the pattern
   * @param severity its highest severity
   * @param labels what it is about
   * @param startsAt when the condition became true, in ms since the epoch
   * @param firedAt when it had held for long enough
   * @param endsAt when it was over; null when it goes on
   * @param summary what it said last
   */
  public record Episode(
      String rule,
      String pattern,
      String severity,
      Map<String, String> labels,
      long startsAt,
      long firedAt,
      @Nullable Long endsAt,
      String summary) {}

  private final Map<String, Alert> latest = new LinkedHashMap<>();

  /** Takes a version of an episode. */
  public void accept(Alert alert) {
    latest.put(alert.alertId(), alert);
  }

  /** All of them, in the order in which they fired. */
  public List<Episode> episodes() {
    return latest.values().stream().map(Told::episode).toList();
  }

  private static Episode episode(Alert alert) {
    return new Episode(
        alert.rule(),
        alert.pattern(),
        alert.severity().wireName(),
        alert.labels(),
        alert.startsAt(),
        alert.firedAt(),
        alert.endsAt(),
        alert.summary());
  }

  /** The episodes that have no counterpart: one of the same rule and labels at the same time. */
  public List<Episode> notIn(Told other) {
    List<Episode> without = new ArrayList<>();
    for (Episode episode : episodes()) {
      if (other.episodes().stream().noneMatch(each -> isSame(each, episode))) {
        without.add(episode);
      }
    }
    return without;
  }

  private static boolean isSame(Episode a, Episode b) {
    return a.rule().equals(b.rule())
        && a.labels().equals(b.labels())
        && a.startsAt() <= end(b)
        && b.startsAt() <= end(a);
  }

  private static long end(Episode episode) {
    return episode.endsAt() == null ? Long.MAX_VALUE : episode.endsAt();
  }

  /** Whether both have raised the same. */
  public boolean sameAs(Told other) {
    return notIn(other).isEmpty() && other.notIn(this).isEmpty();
  }
}
