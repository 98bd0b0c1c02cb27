// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.detect.failure.Coverage.Level;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds episodes of one kind of failure in the traffic to one provider: too large a share of
 * attempts fails.
 *
 * <p>Given the minutes of a group, what was remembered, and the time, it says which alerts to
 * publish. It reads no clock and keeps no state of its own. Thread-safe.
 */
final class FailureEpisodes {
  /*
   * Conditions. A scope is failing when, in the current minute and the full ones of the window, the
   * ratio and the number of failures reach the thresholds and failures were seen at two moments or
   * more. A scope that is failing without a break for `for`, and had a failure within FRESH_MS, is
   * a trigger. The second half keeps a burst that is over, and only still in the window, silent.
   *
   * One cause, one page. A trigger says that something fails, not what: the explanation is
   * searched from the widest scope down. It is the provider when the failure is spread over models
   * and over tenants; else the model when it is spread over tenants; else the tenant. What an open
   * episode explains is left out of all windows (View), so that nothing inside it triggers, and
   * what is around it must fail by itself.
   *
   * Widening. When the explanation contains episodes that started at most WIDEN_WITHIN earlier,
   * the oldest of these goes on with the wider coverage, under its id and labels, and the others
   * end as absorbed: nobody is paged twice for one cause. An older episode is taken for another
   * cause: it stays as it is and the wider one pages.
   *
   * Recovery. An episode ends when its coverage and all parts that failed during it have stayed
   * below the recovery threshold, or without traffic, for `keep_firing_for`.
   */
  static final long FRESH_MS = 5_000;
  static final long WIDEN_WITHIN_MS = Duration.ofMinutes(10).toMillis();
  static final long REFRESH_MS = 30_000;

  /** Says what other trouble there is. */
  interface Causes {
    /** Whether other trouble explains the failures that this covers. */
    boolean isExplained(Group group, Coverage coverage);
  }

  /**
   * What an evaluation gives.
   *
   * @param state what to remember
   * @param alerts what to publish
   */
  record Result(GroupState state, List<Alert> alerts) {}

  private final FailureConfig config;
  private final FailureAlerts alerts;
  private final Causes causes;
  private final Spread spread;

  FailureEpisodes(FailureConfig config, FailureAlerts alerts, Causes causes) {
    this.config = config;
    this.alerts = alerts;
    this.causes = causes;
    this.spread = new Spread(config);
  }

  Result evaluate(Group group, GroupState state, long now) {
    List<Alert> published = new ArrayList<>();
    List<Episode> open = new ArrayList<>();
    for (Episode episode : state.episodes()) {
      Episode next = carryOn(group, episode, state.episodes(), now);
      if (!next.alert().equals(episode.alert())) {
        published.add(next.alert());
      }
      if (next.alert().endsAt() == null) {
        open.add(next);
      }
    }
    Map<String, Long> since = state.failingSince();
    while (true) {
      View view = new View(group, now, config, coverages(open));
      Map<String, Trigger> failing = failing(view, since, now);
      since = new HashMap<>();
      for (Trigger trigger : failing.values()) {
        since.put(trigger.key(), trigger.since());
      }
      Trigger cause = firstExplained(group, view, failing.values(), open, now);
      if (cause == null) {
        return new Result(new GroupState(since, open), published);
      }
      raise(group, cause, open, published, now);
    }
  }

  private static List<Coverage> coverages(List<Episode> episodes) {
    return episodes.stream().map(Episode::coverage).toList();
  }

  // ---- Open episodes

  private Episode carryOn(Group group, Episode episode, List<Episode> all, long now) {
    List<Coverage> others =
        coverages(all).stream().filter(other -> other.isNarrowerThan(episode.coverage())).toList();
    View view = new View(group, now, config, others);
    Episode grown = withMembers(episode, view);
    if (!stillFailing(grown, view)) {
      Long since = grown.recoveringSince();
      if (since == null) {
        return grown.recoveringSince(now);
      }
      if (now - since < config.keepFiringFor().toMillis()) {
        return grown;
      }
      boolean silent = view.of(grown.coverage(), grown.members()).attempts() == 0;
      Alert over = grown.alert().resolved(since, silent ? "no_traffic" : "recovered", now);
      return new Episode(over, grown.coverage(), grown.members(), since);
    }
    boolean due = now - grown.alert().updatedAt() >= REFRESH_MS;
    Alert alert =
        due || alerts.isMoreSevere(view, grown)
            ? alerts.refreshed(group, view, grown, now)
            : grown.alert();
    return new Episode(alert, grown.coverage(), grown.members(), null);
  }

  private boolean stillFailing(Episode episode, View view) {
    Window whole = view.of(episode.coverage(), episode.members());
    if (whole.bad() > 0 && whole.ratio() >= config.recoverBelow()) {
      return true;
    }
    Map<String, Window> parts = parts(episode.coverage(), view);
    return episode.members().stream()
        .map(parts::get)
        .anyMatch(
            part ->
                part != null
                    && part.bad() >= config.suspectBad()
                    && part.ratio() >= config.recoverBelow());
  }

  private static Map<String, Window> parts(Coverage coverage, View view) {
    return switch (coverage.level()) {
      case PROVIDER -> view.models();
      case MODEL -> view.tenantsOn(String.valueOf(coverage.model()));
      case TENANT -> view.modelsOf(String.valueOf(coverage.tenant()));
    };
  }

  private Episode withMembers(Episode episode, View view) {
    Set<String> members = new LinkedHashSet<>(episode.members());
    parts(episode.coverage(), view)
        .forEach(
            (name, window) -> {
              if (spread.fails(window) && members.size() < Episode.MAX_MEMBERS) {
                members.add(name);
              }
            });
    return members.size() == episode.members().size()
        ? episode
        : new Episode(
            episode.alert(), episode.coverage(), List.copyOf(members), episode.recoveringSince());
  }

  // ---- New causes

  /**
   * A failing scope.
   *
   * @param since since when it fails without a break
   */
  private record Trigger(String key, Coverage coverage, Window window, long since) {}

  private Map<String, Trigger> failing(View view, Map<String, Long> before, long now) {
    Map<String, Trigger> failing = new HashMap<>();
    if (config.failing(view.provider())) {
      add(failing, "provider", Coverage.PROVIDER, view.provider(), before, now);
    }
    view.models()
        .forEach(
            (model, window) -> {
              if (config.failing(window)) {
                add(failing, "model|" + model, Coverage.model(model), window, before, now);
              }
            });
    view.tenants()
        .forEach(
            (tenant, sum) -> {
              if (sum.bad() < config.minBad()) {
                return;
              }
              Map<String, Window> cells = view.modelsOf(tenant);
              if (config.failing(sum) || cells.values().stream().anyMatch(config::failing)) {
                Coverage coverage = Coverage.tenant(tenant, worstOf(cells));
                add(failing, "tenant|" + tenant, coverage, sum, before, now);
              }
            });
    return failing;
  }

  private static void add(
      Map<String, Trigger> failing,
      String key,
      Coverage coverage,
      Window window,
      Map<String, Long> before,
      long now) {
    failing.put(key, new Trigger(key, coverage, window, before.getOrDefault(key, now)));
  }

  private String worstOf(Map<String, Window> models) {
    return models.entrySet().stream()
        .max(
            Comparator.<Map.Entry<String, Window>>comparingInt(
                    entry -> config.failing(entry.getValue()) ? 1 : 0)
                .thenComparingLong(entry -> entry.getValue().bad())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElseThrow();
  }

  /** The first trigger that can be explained, with its explanation as coverage. */
  private @Nullable Trigger firstExplained(
      Group group, View view, Iterable<Trigger> failing, List<Episode> open, long now) {
    List<Trigger> mature = new ArrayList<>();
    for (Trigger trigger : failing) {
      if (now - trigger.since() >= config.hold().toMillis()
          && now - trigger.window().lastBadAt() <= FRESH_MS) {
        mature.add(trigger);
      }
    }
    mature.sort(
        Comparator.comparingLong(Trigger::since)
            .thenComparing(trigger -> trigger.coverage().level(), Comparator.reverseOrder())
            .thenComparing(Trigger::key));
    for (Trigger trigger : mature) {
      Coverage explanation = explain(group, view, trigger, open, now);
      if (explanation != null && !causes.isExplained(group, explanation)) {
        return new Trigger(trigger.key(), explanation, trigger.window(), trigger.since());
      }
    }
    return null;
  }

  private @Nullable Coverage explain(
      Group group, View view, Trigger trigger, List<Episode> open, long now) {
    View raw = new View(group, now, config, List.of());
    Set<String> models = new HashSet<>();
    Set<String> tenants = new HashSet<>();
    Set<String> tenantsOfModel = new HashSet<>();
    String model = trigger.coverage().model();
    for (Episode episode : open) {
      if (sameCause(episode, trigger.since())) {
        Coverage known = episode.coverage();
        String knownModel = String.valueOf(known.model());
        if (known.level() == Level.MODEL) {
          models.add(knownModel);
          tenants.add("on " + knownModel + ", one");
          tenants.add("on " + knownModel + ", another");
        } else if (known.tenant() != null) {
          tenants.add(known.tenant());
          Window whole = raw.models().get(knownModel);
          if (whole != null && spread.fails(whole)) {
            models.add(knownModel);
          }
          if (knownModel.equals(model)) {
            tenantsOfModel.add(known.tenant());
          }
        }
      }
    }
    if (group.whole() != null
        && spread.over(view.models(), view.withoutModel(), models)
        && spread.over(view.tenants(), view.withoutTenant(), tenants)) {
      return Coverage.PROVIDER;
    }
    if (model == null) {
      return null; // the provider as a whole, but one model's failure: that will trigger itself
    }
    if (spread.over(view.tenantsOn(model), view.withoutTenant(model), tenantsOfModel)) {
      return Coverage.model(model);
    }
    return trigger.coverage().level() == Level.TENANT ? trigger.coverage() : null;
  }

  private static boolean sameCause(Episode episode, long since) {
    return episode.alert().startsAt() >= since - WIDEN_WITHIN_MS;
  }

  /** Opens an episode for the cause, or widens the one that it has grown from. */
  private void raise(
      Group group, Trigger cause, List<Episode> open, List<Alert> published, long now) {
    List<Episode> narrower =
        open.stream()
            .filter(episode -> episode.coverage().isNarrowerThan(cause.coverage()))
            .filter(episode -> sameCause(episode, cause.since()))
            .toList();
    open.removeAll(narrower);
    View view = new View(group, now, config, coverages(open));
    if (narrower.isEmpty()) {
      Alert fired = alerts.fired(group, view, cause.coverage(), cause.since(), now);
      open.add(
          withMembers(new Episode(fired, cause.coverage(), membersAtFirst(cause), null), view));
      published.add(fired);
      return;
    }
    Episode oldest = narrower.get(0);
    Episode wider =
        withMembers(
            new Episode(oldest.alert(), cause.coverage(), membersAtFirst(cause), null), view);
    Alert widened = alerts.widened(group, view, wider, now);
    open.add(0, new Episode(widened, wider.coverage(), wider.members(), null));
    published.add(widened);
    for (Episode absorbed : narrower.subList(1, narrower.size())) {
      published.add(absorbed.alert().resolved(now, "part_of " + widened.alertId(), now));
    }
  }

  private static List<String> membersAtFirst(Trigger cause) {
    return cause.coverage().level() == Level.TENANT
        ? List.of(String.valueOf(cause.coverage().model()))
        : List.of();
  }
}
