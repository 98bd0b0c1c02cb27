// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AccountsTest {

  private static final Accounts ACCOUNTS = new Accounts(3, 10, 110, 100, 90, 4, 5, 1, 80);

  @Test
  void decode_restoresWhatEncodeWrote() {
    assertThat(Accounts.decode(ACCOUNTS.encode())).isEqualTo(ACCOUNTS);
    assertThat(Accounts.decode("{\"new\":[1],\"accepted\":2}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new Accounts(-1, -1, -1, 2, 0, 0, 0, 0, 0));
    assertThatThrownBy(() -> Accounts.decode("[]".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Accounts.decode("{\"accepted\":".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void difference_isWhatNoAccountHas() {
    assertThat(ACCOUNTS.difference()).isZero();
    assertThat(ACCOUNTS.unreadOffsets()).isZero();
    assertThat(new Accounts(0, 0, 9, 8, 7, 0, 0, 0, 7).difference()).isEqualTo(1);
    assertThat(new Accounts(0, 0, 9, 8, 7, 0, 0, 0, 7).unreadOffsets()).isEqualTo(1);
  }

  @Test
  void plus_addsAccounts() {
    Accounts sum = Accounts.NONE.plus(ACCOUNTS).plus(ACCOUNTS);

    assertThat(sum.accepted()).isEqualTo(200);
    assertThat(sum.merged()).isEqualTo(160);
    assertThat(sum.difference()).isZero();
  }
}
