// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class KeyedHashTest {
  /** Key of RFC 4231's fourth test case. */
  private static final byte[] KEY = new byte[25];

  static {
    for (int i = 0; i < KEY.length; i++) {
      KEY[i] = (byte) (i + 1);
    }
  }

  @Test
  void hash_isTheStartOfHmacSha256() {
    // RFC 4231, test case 6, the one of text under a key long enough.
    byte[] key = new byte[131];
    Arrays.fill(key, (byte) 0xaa);
    KeyedHash hash = KeyedHash.withKey(key);
    String text = "Test Using Larger Than Block-Size Key - Hash Key First";
    assertThat(hash.user(text)).isEqualTo("60e431591ee0b67f");
    assertThat(hash.credential(text)).isEqualTo("60e43159");
  }

  @Test
  void hash_dependsOnKeyAndText() {
    KeyedHash hash = KeyedHash.withKey(KEY);
    KeyedHash other = KeyedHash.withKey("0123456789abcdef".getBytes(US_ASCII));
    assertThat(hash.user("ada@example.com"))
        .isEqualTo(KeyedHash.withKey(KEY).user("ada@example.com"))
        .isNotEqualTo(hash.user("bob@example.com"))
        .isNotEqualTo(other.user("ada@example.com"))
        .hasSize(16);
    assertThat(hash.user("漢字 🐦")).matches("[0-9a-f]{16}");
    assertThat(hash.credential("")).matches("[0-9a-f]{8}");
  }

  @Test
  void withKey_copiesTheKey() {
    byte[] key = KEY.clone();
    KeyedHash hash = KeyedHash.withKey(key);
    Arrays.fill(key, (byte) 0);
    assertThat(hash.user("ada")).isEqualTo(KeyedHash.withKey(KEY).user("ada"));
  }

  @Test
  void withKey_refusesAShortOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyedHash.withKey("fifteen bytes..".getBytes(UTF_8)))
        .withMessage("key must have at least 16 bytes, had 15");
    assertThat(KeyedHash.withKey("sixteen bytes...".getBytes(UTF_8))).isNotNull();
  }

  @Test
  void toString_leaksNothing() {
    byte[] key = "the key of a deployment".getBytes(UTF_8);
    assertThat(KeyedHash.withKey(key)).hasToString("KeyedHash{HmacSHA256}");
  }

  @Test
  void hash_isTheSameOnManyThreads() throws Exception {
    KeyedHash hash = KeyedHash.withKey(KEY);
    String[] expected = new String[64];
    Arrays.setAll(expected, i -> hash.user("user-" + i));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    assertThat(hash.user("user-" + i % 64)).isEqualTo(expected[i % 64]);
                  }
                }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
