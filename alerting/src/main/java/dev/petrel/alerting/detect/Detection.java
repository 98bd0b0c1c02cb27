// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.traffic.ScopeWindow;
import dev.petrel.alerting.traffic.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that finds trouble in the traffic of one environment: its recent aggregates, the
 * detectors of all rules, and their episodes.
 *
 * <p>It reads no clock and does no I/O: live alerting, backtests and tests of rules run the same
 * code. What it must remember goes to a store as it changes, and comes back by {@link #restore}.
 * Not thread-safe.
 */
public final class Detection {
  /*
   * One cause, one page. Detectors look in the order of how much they know: a storm of retries, a
   * refused key or a bad deploy explains failures; failures explain latency and burnt budgets. What
   * is explained by trouble that goes on, or that is about to fire, is not told.
   */

  private static final String MINUTES = "w|";
  private static final String STATES = "s|";
  private static final String ENDED = "e|";

  /** How long the end of an episode explains anything: the longest short window of a burn rate. */
  private static final long ENDED_KEPT_MS = 8 * 3_600_000L;

  private final Traffic traffic;
  private final List<Detector> detectors;
  private final String runbookBaseUrl;
  private final Traffic.Store store;
  private final Map<String, Long> lookedAt = new HashMap<>();
  private final Map<String, Ended> ended = new HashMap<>();

  /** States of rules that are not there any more. */
  private final Map<String, byte[]> orphans = new HashMap<>();

  /** An episode that is over. */
  record Ended(String pattern, Map<String, String> about, long endedAt) {}

  /**
   * @param environment null when the events name none
   * @param rules what to look for
   * @param runbookBaseUrl where the runbooks are, named like the patterns
   */
  public Detection(
      @Nullable String environment, List<Rule> rules, String runbookBaseUrl, Traffic.Store store) {
    this.store = requireNonNull(store, "store");
    this.traffic = new Traffic(environment, (key, value) -> store.put(MINUTES + key, value));
    this.detectors = Detectors.of(rules);
    this.runbookBaseUrl = runbookBaseUrl.endsWith("/") ? runbookBaseUrl : runbookBaseUrl + "/";
  }

  /**
   * Checks that rules can be looked for.
   *
   * @throws IllegalArgumentException naming the rule that cannot, and why
   */
  public static void check(List<Rule> rules) {
    Detectors.of(rules);
  }

  /** The traffic. */
  public Traffic traffic() {
    return traffic;
  }

  /** Takes a revision of an aggregate in. */
  public void accept(ScopeWindow window, long now) {
    traffic.accept(window, now);
  }

  /**
   * Puts back what was stored.
   *
   * @throws IllegalArgumentException when it is none of this release
   */
  public void restore(String key, byte[] value) {
    if (key.startsWith(MINUTES)) {
      traffic.restore(key.substring(MINUTES.length()), value);
    } else if (key.startsWith(ENDED)) {
      ended.put(key, Json.read(value, Ended.class));
    } else {
      int bar = key.indexOf('|', STATES.length());
      String name = key.substring(STATES.length(), bar);
      restoreState(name, key, bar, value);
    }
  }

  private void restoreState(String name, String key, int bar, byte[] value) {
    for (Detector detector : detectors) {
      if (detector.name().equals(name)) {
        try {
          detector.restore(key.substring(bar + 1), value);
          return;
        } catch (IllegalArgumentException e) {
          break; // the rule has this id still, but another pattern
        }
      }
    }
    orphans.put(key, value);
  }

  /** Ends the episodes of rules that are not there any more. */
  private void endOrphans(long now, Consumer<Alert> published) {
    for (Map.Entry<String, byte[]> orphan : orphans.entrySet()) {
      for (Alert alert : OrphanedEpisodes.in(orphan.getValue())) {
        published.accept(alert.resolved(now, "rule_removed", now));
      }
      store.put(orphan.getKey(), null);
    }
    orphans.clear();
  }

  /**
   * Looks for trouble: to be called about once a second.
   *
   * @param published takes each new version of an episode
   */
  public void evaluate(long now, Consumer<Alert> published) {
    endOrphans(now, published);
    for (Detector detector : detectors) {
      Long last = lookedAt.get(detector.name());
      if (last == null || now - last >= detector.intervalMs() || now < last) {
        lookedAt.put(detector.name(), now);
        detector.evaluate(new Look(detector, now, published));
      }
    }
  }

  /** Forgets what is too old: to be called about once a minute. */
  public void evict(long now) {
    traffic.evict(now);
    for (Map.Entry<String, Ended> entry : List.copyOf(ended.entrySet())) {
      if (now - entry.getValue().endedAt() > ENDED_KEPT_MS) {
        ended.remove(entry.getKey());
        store.put(entry.getKey(), null);
      }
    }
  }

  private final class Look implements Evaluation {
    private final Detector detector;
    private final long now;
    private final Consumer<Alert> published;

    Look(Detector detector, long now, Consumer<Alert> published) {
      this.detector = detector;
      this.now = now;
      this.published = published;
    }

    @Override
    public Traffic traffic() {
      return traffic;
    }

    @Override
    public long now() {
      return now;
    }

    @Override
    public void publish(Alert alert) {
      if (alert.status() == Status.RESOLVED) {
        String key = ENDED + alert.alertId();
        Ended over = new Ended(alert.pattern(), alert.labels(), now);
        ended.put(key, over);
        store.put(key, Json.bytes(over));
      }
      published.accept(alert);
    }

    @Override
    public void put(String key, byte @Nullable [] state) {
      store.put(STATES + detector.name() + '|' + key, state);
    }

    @Override
    public List<Known> knownAbout(Set<Pattern> patterns, Map<String, String> labels) {
      List<Known> found = new ArrayList<>();
      for (Detector each : detectors) {
        if (each.name().equals(detector.name())) {
          continue;
        }
        for (Known known : each.known()) {
          if (patterns.contains(known.pattern()) && known.overlaps(labels)) {
            found.add(known);
          }
        }
      }
      return found;
    }

    @Override
    public List<Known> endedAbout(
        Set<Pattern> patterns, Map<String, String> labels, long withinMs) {
      List<Known> found = new ArrayList<>();
      for (Ended each : ended.values()) {
        for (Pattern pattern : patterns) {
          Known known = new Known(pattern, each.about(), each.about(), null, each.endedAt());
          if (pattern.wireName().equals(each.pattern())
              && now - each.endedAt() <= withinMs
              && known.overlaps(labels)) {
            found.add(known);
          }
        }
      }
      return found;
    }

    @Override
    public String runbookUrl(Rule rule) {
      return runbookBaseUrl + rule.pattern().wireName() + ".md";
    }
  }
}
