// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.route.Timers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an incident has to tell by now, to whomever. */
sealed interface Flush {

  /** Nothing new before this time, in ms since the epoch. */
  record Wait(long until) implements Flush {}

  /**
   * Something.
   *
   * @param alerts the alerts that are told of from now on too
   * @param reason why, for people
   * @param reminder whether nothing has changed
   */
  record Tell(List<Alert> alerts, String reason, boolean reminder) implements Flush {}

  /** Nothing, as something speaks against it. */
  record Hold(String why) implements Flush {}

  /** It is over. */
  record End(String why) implements Flush {}

  String ALL_OVER = "all alerts are over";
  String NEVER_TOLD = "it was over before it could be told";

  /**
   * What follows from the alerts, the timers and the clock: a pure function.
   *
   * <p>Suppression is asked only about what was never told. What was told is told on, and so is its
   * end: nobody is left with an incident that nobody closes.
   *
   * @param incident its alerts, and what it tells so far
   * @param timers of its route
   * @param reached whether some receiver may know of it
   * @param suppressed why nothing is to be told of an alert; null when nothing speaks against it
   */
  static Flush of(
      Snapshot incident,
      Timers timers,
      boolean reached,
      Function<Alert, @Nullable String> suppressed,
      long now) {
    List<Alert> untold =
        incident.members().stream()
            .filter(member -> member.isFiring() && !member.isTold())
            .map(Member::alert)
            .toList();
    return incident.told().revision() == 0
        ? first(incident, timers, untold, suppressed, now)
        : later(incident, timers, reached, tellable(untold, suppressed), now);
  }

  /**
   * An incident as it stands.
   *
   * @param members its alerts
   * @param createdAt when the first one came, in ms since the epoch
   * @param told what it tells so far
   */
  record Snapshot(Collection<Member> members, long createdAt, Told told) {}

  private static List<Alert> tellable(
      List<Alert> untold, Function<Alert, @Nullable String> suppressed) {
    return untold.stream().filter(alert -> suppressed.apply(alert) == null).toList();
  }

  private static Flush first(
      Snapshot incident,
      Timers timers,
      List<Alert> untold,
      Function<Alert, @Nullable String> suppressed,
      long now) {
    if (untold.isEmpty()) {
      return new End(NEVER_TOLD);
    }
    long due = incident.createdAt() + timers.groupWait().toMillis();
    if (now < due) {
      return new Wait(due);
    }
    List<Alert> tellable = tellable(untold, suppressed);
    if (!tellable.isEmpty()) {
      return new Tell(tellable, "first notification", false);
    }
    return new Hold(
        untold.stream()
            .map(suppressed)
            .flatMap(why -> Stream.ofNullable(why))
            .distinct()
            .findFirst()
            .orElse("suppressed"));
  }

  private static Flush later(
      Snapshot incident, Timers timers, boolean reached, List<Alert> joining, long now) {
    long due = incident.told().at() + timers.groupInterval().toMillis();
    boolean goesOn = incident.members().stream().anyMatch(m -> m.isTold() && m.isFiring());
    if (!goesOn && joining.isEmpty()) {
      long end = reached ? Math.max(due, lingerUntil(incident, timers)) : now;
      return now < end ? new Wait(end) : new End(reached ? ALL_OVER : NEVER_TOLD);
    }
    boolean news = incident.members().stream().anyMatch(Member::hasNews);
    if (news || !joining.isEmpty()) {
      return now < due ? new Wait(due) : new Tell(joining, reason(incident, joining), false);
    }
    Duration repeat = timers.repeatInterval();
    if (repeat == null) {
      return new Wait(Long.MAX_VALUE);
    }
    long again =
        incident.told().at() + Math.max(repeat.toMillis(), timers.groupInterval().toMillis());
    return now < again ? new Wait(again) : new Tell(List.of(), "repeat interval elapsed", true);
  }

  private static long lingerUntil(Snapshot incident, Timers timers) {
    if (timers.linger().isZero()) {
      return 0;
    }
    return incident.members().stream()
            .filter(Member::isTold)
            .mapToLong(member -> Objects.requireNonNullElse(member.alert().endsAt(), 0L))
            .max()
            .orElse(0)
        + timers.linger().toMillis();
  }

  private static String reason(Snapshot incident, List<Alert> joining) {
    if (!joining.isEmpty()) {
      return joining.size() == 1 ? "new alert added" : joining.size() + " new alerts added";
    }
    boolean changed =
        incident.members().stream().anyMatch(m -> m.hasNews() && m.told() < m.alert().revision());
    return changed ? "wider or more severe" : "some alerts are over";
  }
}
