// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void delayMs_isSpreadOverABoundThatDoubles() {
    Random random = new Random(7);
    for (int attempts = 1; attempts < 100; attempts++) {
      long bound = Math.min(120_000, 1000L << Math.min(20, attempts - 1));
      long highest = 0;
      for (int i = 0; i < 200; i++) {
        long delay = Backoff.DEFAULT.delayMs(attempts, null, random);
        assertThat(delay).isBetween(0L, bound);
        highest = Math.max(highest, delay);
      }
      assertThat(highest).isGreaterThan(bound * 9 / 10);
    }
  }

  @Test
  void delayMs_isNeverLessThanTheReceiverAsksFor() {
    long delay = Backoff.DEFAULT.delayMs(1, Duration.ofSeconds(40), new Random(7));

    assertThat(delay).isEqualTo(40_000);
  }

  @Test
  void delayMs_capsWhatTheReceiverAsksFor() {
    long delay = Backoff.DEFAULT.delayMs(1, Duration.ofDays(3), new Random(7));

    assertThat(delay).isEqualTo(Duration.ofMinutes(15).toMillis());
  }
}
