// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private final SplittableRandom random = new SplittableRandom(1);

  private long delay(
      RetryPolicy policy, int attempt, ErrorType type, long retryAfter, long endedAt) {
    return policy.delay(attempt, type, retryAfter, endedAt, random);
  }

  @Test
  void delay_ofSdksIsRetryAfterOrDoublesWithJitter() {
    assertThat(delay(RetryPolicy.SDK, 0, ErrorType.RATE_LIMIT, 20_000, 0)).isEqualTo(20_000);
    for (int i = 0; i < 100; i++) {
      assertThat(delay(RetryPolicy.SDK, 0, ErrorType.SERVER_ERROR, Answer.NOT_ASKED, 0))
          .isBetween(375L, 500L);
      assertThat(delay(RetryPolicy.SDK, 1, ErrorType.QUOTA_EXHAUSTED, Answer.NOT_ASKED, 0))
          .isBetween(750L, 1000L);
    }
  }

  @Test
  void delay_ofSdksEndsAfterTwoRetriesAndWithErrorsThatStay() {
    assertThat(delay(RetryPolicy.SDK, 2, ErrorType.RATE_LIMIT, 1000, 0))
        .isEqualTo(RetryPolicy.NO_RETRY);
    assertThat(delay(RetryPolicy.SDK, 0, ErrorType.AUTHENTICATION, Answer.NOT_ASKED, 0))
        .isEqualTo(RetryPolicy.NO_RETRY);
  }

  @Test
  void delay_ofStackedLayersIsNoneOrTheQueuesNextTurn() {
    int attempts = 0;
    long delay;
    do {
      delay = delay(RetryPolicy.STACKED, attempts, ErrorType.RATE_LIMIT, 20_000, 13_200);
      attempts++;
      assertThat(delay)
          .isEqualTo(
              attempts == RetryPolicy.STACKED_ATTEMPTS
                  ? RetryPolicy.NO_RETRY
                  : attempts % 3 == 0 ? 1800 : 0);
    } while (delay != RetryPolicy.NO_RETRY);
    assertThat(attempts).isEqualTo(12);
  }
}
