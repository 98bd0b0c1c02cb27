// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountTest {

  @Test
  void ask_letsThroughAMinutesWorthAndThenAsMuchAsTheLimit() {
    Account account = new Account(60, 60_000, 0);

    assertThat(let(account, 0, 100)).isEqualTo(60);
    assertThat(account.requests().remaining()).isZero();
    assertThat(account.ask(0, 1, 1)).isEqualTo(1000);
    assertThat(account.ask(999, 1, 1)).isEqualTo(1);
    assertThat(account.ask(1000, 1, 1)).isZero();
    assertThat(account.requests().resetMillis()).isEqualTo(60_000);
  }

  @Test
  void ask_countsTokensLikeRequests() {
    Account account = new Account(60, 6000, 0);

    assertThat(account.ask(0, 5000, 1)).isZero();
    assertThat(account.tokens().remaining()).isEqualTo(1000);
    assertThat(account.ask(0, 2000, 1)).isEqualTo(10_000);
    assertThat(account.requests().remaining()).isEqualTo(59);
    assertThat(account.ask(10_000, 2000, 1)).isZero();
  }

  @Test
  void ask_letsThroughWhatIsMoreThanAMinutesTokensWhenTheBucketIsFull() {
    Account account = new Account(60, 6000, 0);

    assertThat(account.ask(0, 1_000_000, 1)).isZero();
    assertThat(account.ask(0, 1_000_000, 1)).isEqualTo(60_000);
  }

  @Test
  void ask_countsRefusedRequestsWhereTheyCount() {
    Account account = new Account(60, 60_000, 0.5);
    let(account, 0, 60);

    assertThat(account.ask(0, 1, 1)).isEqualTo(1000);
    assertThat(account.ask(0, 1, 1)).isEqualTo(1500);
    let(account, 0, 1000);
    // Never more debt than twenty seconds of the limit.
    assertThat(account.ask(0, 1, 1)).isEqualTo(21_000);
  }

  @Test
  void ask_grantsAShare() {
    Account account = new Account(60, 60_000, 0);

    assertThat(let(account, 0, 100, 0.1)).isEqualTo(6);
    assertThat(account.ask(0, 1, 0.1)).isEqualTo(10_000);
  }

  private static int let(Account account, long at, int times) {
    return let(account, at, times, 1);
  }

  private static int let(Account account, long at, int times, double granted) {
    int through = 0;
    for (int i = 0; i < times; i++) {
      through += account.ask(at, 1, granted) == 0 ? 1 : 0;
    }
    return through;
  }
}
