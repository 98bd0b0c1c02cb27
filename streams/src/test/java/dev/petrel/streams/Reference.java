// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.stats.CallStats;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.collections.LongHashSet;

/**
 * A plain batch computation of what streams must give for the records that were sent, written
 * without its code.
 *
 * <p>Event ids must be hexadecimal numbers, so that millions can be kept without an object each.
 * Not thread-safe.
 */
final class Reference {

  private static final long HORIZON = Duration.ofHours(24).toMillis();
  private static final int SHOWN = 10;
  private static final Set<String> ALL_KINDS =
      Set.of("all", "provider", "model", "tenant", "tenant_model", "service", "credential");

  private final Set<String> kinds;
  private final Map<ScopeWindow, Tally> minutes = new HashMap<>();
  private final LongHashSet ids = new LongHashSet();

  /** Failures that told when to come again, by call and attempt. */
  private final Map<String, LlmCallEvent> asks = new HashMap<>();

  private long attempts;
  private long duplicates;
  private long beyondRetention;
  private long deadLettered;

  /** Of all kinds of scopes. */
  Reference() {
    this(ALL_KINDS);
  }

  /** Of some kinds of scopes, where all would take too much room. */
  Reference(Set<String> kinds) {
    this.kinds = kinds;
  }

  Set<String> kinds() {
    return kinds;
  }

  /** Takes in an event whose record has the timestamp {@code arrival}. */
  void add(LlmCallEvent event, long arrival) {
    if (arrival - event.timestamp() > HORIZON) {
      beyondRetention++;
    } else if (!ids.add(Long.parseUnsignedLong(event.eventId(), 16))) {
      duplicates++;
    } else {
      Boolean early = isEarly(event);
      for (ScopeWindow minute : ScopeWindow.minutesOf(event)) {
        if (kinds.contains(minute.kind())) {
          minutes.computeIfAbsent(minute, absent -> new Tally()).add(event, early);
          attempts++;
        }
      }
      if (event.outcome() == Outcome.ERROR && event.get(EventField.RETRY_AFTER_MS) != null) {
        asks.put(event.get(EventField.CALL_ID) + '#' + event.get(EventField.ATTEMPT, 0), event);
      }
    }
  }

  /** Whether a retry came sooner than the failure before it asked for; null when not known. */
  private Boolean isEarly(LlmCallEvent event) {
    long before = event.get(EventField.ATTEMPT, 0) - 1;
    LlmCallEvent failure = asks.get(event.get(EventField.CALL_ID) + '#' + before);
    if (before < 0 || failure == null) {
      return null;
    }
    long asked = failure.get(EventField.RETRY_AFTER_MS);
    Long waited = event.get(EventField.RETRY_DELAY_MS);
    Double took = failure.get(EventField.DURATION_MS);
    if (waited != null) {
      return waited < asked;
    }
    return took == null ? null : event.timestamp() - failure.timestamp() - took < asked;
  }

  /** Takes in a record that is no valid event. */
  void addInvalid() {
    deadLettered++;
  }

  /** What has to be in the minutes of all its scopes together. */
  long attemptsInAllScopes() {
    return attempts;
  }

  long deadLettered() {
    return deadLettered;
  }

  /** What {@link StreamsService#conservation()} must give when everything is processed. */
  Map<String, Long> accounts() {
    Map<String, Long> accounts = new LinkedHashMap<>();
    accounts.put("accepted", ids.size() + deadLettered + duplicates + beyondRetention);
    accounts.put("aggregated", (long) ids.size());
    accounts.put("dead_lettered", deadLettered);
    accounts.put("duplicates", duplicates);
    accounts.put("beyond_retention", beyondRetention);
    return accounts;
  }

  /** In what the published aggregates are wrong, in words; empty when each is right. */
  List<String> differencesOf(Map<ScopeWindow, CallStats> published) {
    Map<ScopeWindow, Tally> expected = withRollups(published);
    Map<ScopeWindow, List<String>> differences = new LinkedHashMap<>();
    published.forEach(
        (window, stats) -> {
          Tally tally = expected.remove(window);
          List<String> found =
              tally == null
                  ? List.of(stats.measures().attempts() + " attempts, not absent")
                  : tally.differencesOf(stats.measures());
          if (!found.isEmpty()) {
            differences.put(window, found);
          }
        });
    expected.forEach(
        (window, tally) ->
            differences.put(window, List.of("absent, not " + tally.attempts() + " attempts")));
    return differences.entrySet().stream()
        .limit(SHOWN)
        .map(entry -> "one of %d: %s".formatted(differences.size(), entry))
        .toList();
  }

  /** The minutes, and what they make of hours and days: those that are closed are in them. */
  private Map<ScopeWindow, Tally> withRollups(Map<ScopeWindow, CallStats> published) {
    Map<ScopeWindow, Tally> hours = sumOfClosed(minutes, ScopeWindow.HOUR, published);
    Map<ScopeWindow, Tally> all = new HashMap<>(minutes);
    all.putAll(sumOfClosed(hours, ScopeWindow.DAY, published));
    all.putAll(hours);
    return all;
  }

  private static Map<ScopeWindow, Tally> sumOfClosed(
      Map<ScopeWindow, Tally> shorter, long length, Map<ScopeWindow, CallStats> published) {
    Map<ScopeWindow, Tally> longer = new HashMap<>();
    shorter.forEach(
        (window, tally) -> {
          CallStats stats = published.get(window);
          if (stats != null && stats.closed()) {
            longer.computeIfAbsent(window.in(length), absent -> new Tally()).addMinutes(tally);
          }
        });
    return longer;
  }
}
