// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserHashTest {
  private static final String KEY = "0123456789abcdef";

  @Test
  void apply_isTheStartOfHmacSha256() {
    // By OpenSSL: openssl dgst -sha256 -hmac 0123456789abcdef
    assertThat(new UserHash(KEY).apply("jane@example.com")).isEqualTo("a7a54661c75bce90");
    assertThat(new UserHash(KEY).apply("J\u00f8rgen")).isEqualTo("25433d24819c47e6");
    assertThat(new UserHash(KEY + "x").apply("jane@example.com")).isNotEqualTo("a7a54661c75bce90");
  }

  @Test
  void apply_isTheSameOnAllThreads() {
    UserHash hash = new UserHash(KEY);

    assertThat(IntStream.range(0, 2_000).parallel().mapToObj(i -> hash.apply("jane")).distinct())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SECRET",
        "SECRET_of_15_by",
        "${env:SECRET_KEY_OF_16}",
        "SECRET_KEY_IS_UNDEFINED"
      })
  void constructor_refusesWhatIsNoKey_withoutTellingIt(String key) {
    assertThatThrownBy(() -> new UserHash(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("userHashKey")
        .hasMessageNotContaining("SECRET");
  }

  @Test
  void constructor_countsBytes() {
    assertThatCode(() -> new UserHash("\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"))
        .doesNotThrowAnyException();
  }

  @Test
  void toString_doesNotTellTheKey() {
    assertThat(new UserHash(KEY)).hasToString("UserHash");
  }
}
