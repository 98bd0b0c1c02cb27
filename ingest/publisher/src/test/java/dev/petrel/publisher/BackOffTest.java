// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private final BackOff backOff = new BackOff();

  @Test
  void refused_doublesThePause_upToTheLongest() {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      backOff.refused(0, TWO_SECONDS);
      millis.add(backOff.nanosLeft(0) / 1_000_000);
    }
    assertThat(millis).containsExactly(100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L);
  }

  @Test
  void nanosLeft_goesDownToZero() {
    long now = Long.MAX_VALUE - 1_000; // nanoTime may overflow
    backOff.refused(now, TWO_SECONDS);

    assertThat(backOff.nanosLeft(now + 40_000_000)).isEqualTo(60_000_000);
    assertThat(backOff.nanosLeft(now + 100_000_000)).isZero();
    assertThat(backOff.isRefused()).isTrue();
  }

  @Test
  void succeeded_startsAnew() {
    backOff.refused(0, TWO_SECONDS);
    backOff.refused(0, TWO_SECONDS);
    backOff.succeeded();
    assertThat(backOff.isRefused()).isFalse();
    assertThat(backOff.nanosLeft(0)).isZero();

    backOff.refused(0, TWO_SECONDS);
    assertThat(backOff.nanosLeft(0)).isEqualTo(100_000_000);
  }
}
