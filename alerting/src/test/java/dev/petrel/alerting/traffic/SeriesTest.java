// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.stats.Scope;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesTest {

  private static final Scope MODEL = Scope.model("prod", "openai", "m0");
  private static final long START = 1_700_000_040_000L; // the start of a minute

  private final Map<String, byte[]> store = new HashMap<>();
  private final Traffic traffic = traffic();
  private long revision;

  private Traffic traffic() {
    return new Traffic(
        "prod",
        (key, value) -> {
          if (value == null) {
            store.remove(key);
          } else {
            store.put(key, value);
          }
        });
  }

  private void count(long at, long attempts, long bad) {
    accept(at, ++revision, attempts, bad);
  }

  private void accept(long at, long withRevision, long attempts, long bad) {
    traffic.accept(
        Windows.minute(MODEL, at, withRevision, attempts, bad, ErrorType.OVERLOADED), at);
  }

  private static Window window(Traffic of, long now) {
    return of.of(MODEL).window(now, 2, FailureKind.AVAILABILITY);
  }

  @Test
  void accept_keepsTheHighestRevision() {
    accept(START, 5, 9, 3);
    accept(START, 4, 8, 2);
    accept(START, 5, 7, 1);

    assertThat(window(traffic, START).bad()).isEqualTo(3);
  }

  @Test
  void window_hasTheFullMinutesAndTheCurrentOne() {
    for (int i = 0; i < 5; i++) {
      count(START + i * 60_000L, 10L << i, 1L << i);
    }

    assertThat(window(traffic, START + 239_999).bad()).isEqualTo(2 + 4 + 8);
    assertThat(window(traffic, START + 240_000).bad()).isEqualTo(4 + 8 + 16);
    assertThat(traffic.of(MODEL).before(START + 120_000, 1, FailureKind.AVAILABILITY).bad())
        .isEqualTo(1 + 2);
  }

  @Test
  void window_countsOnlyItsKind() {
    count(START, 10, 3);

    assertThat(traffic.of(MODEL).window(START, 2, FailureKind.RATE_LIMIT).bad()).isZero();
    assertThat(traffic.of(MODEL).recent(START, 2).bad(FailureKind.AVAILABILITY)).isEqualTo(3);
  }

  @Test
  void restore_givesTheSameNumbersAndMoments() {
    count(START, 100, 5);
    count(START + 6_000, 100, 10);
    Traffic restored = traffic();

    Map.copyOf(store).forEach(restored::restore);

    assertThat(window(restored, START).bad()).isEqualTo(10);
    assertThat(window(restored, START).moments()).isEqualTo(2);
    assertThat(window(restored, START).lastBadAt()).isEqualTo(START + 6_000);
  }

  @Test
  void evict_forgetsWhatNoPatternLooksAt() {
    count(START, 100, 5);

    traffic.evict(START + 66 * 60_000L);
    assertThat(traffic.isEmpty()).isFalse();
    traffic.evict(START + 66 * 60_000L + 1);

    assertThat(traffic.isEmpty()).isTrue();
    assertThat(traffic.groups()).isEmpty();
    assertThat(store).isEmpty();
  }

  @Test
  void scopeOf_takesOnlyPartsOfOthersForParts() {
    Scope credential = Scope.credential("prod", "openai", "key~1");

    assertThat(ScopeWindow.scopeOf(credential.key())).isEqualTo(credential);
    assertThat(
            ScopeWindow.scopeOf(
                Scope.other(dev.petrel.stats.ScopeKind.TENANT, "prod").key() + "~2"))
        .isEqualTo(Scope.tenant("prod", Scope.OTHER));
  }
}
