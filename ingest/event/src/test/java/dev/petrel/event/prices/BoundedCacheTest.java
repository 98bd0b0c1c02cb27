// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedCacheTest {

  @Test
  void get_returnsWhatWasPut() {
    BoundedCache<String, Integer> cache = new BoundedCache<>(4);
    assertThat(cache.get("a")).isNull();
    cache.put("a", 1);
    assertThat(cache.get("a")).isEqualTo(1);
  }

  @Test
  void put_neverHoldsMoreThanTwoGenerations() {
    BoundedCache<Integer, Integer> cache = new BoundedCache<>(10);
    for (int i = 0; i < 1000; i++) {
      cache.put(i, i);
      assertThat(cache.size()).isLessThanOrEqualTo(20);
    }
    assertThat(cache.get(0)).isNull();
    assertThat(cache.get(999)).isEqualTo(999);
  }

  @Test
  void get_keepsWhatIsAskedForThroughAFlood() {
    BoundedCache<Integer, Integer> cache = new BoundedCache<>(10);
    cache.put(-1, -1);
    for (int i = 0; i < 1000; i++) {
      cache.put(i, i);
      assertThat(cache.get(-1)).isEqualTo(-1);
    }
  }

  @Test
  void entry_remembersABoundedNumberOfNames() {
    PriceTable table = Tables.SMALL.withOverrides(PriceOverrides.none());
    for (int i = 0; i < 3 * PriceTable.REMEMBERED_NAMES; i++) {
      assertThat(table.entry("openai", "no-such-" + i).isAbsent()).isTrue();
    }
    assertThat(table.rememberedNames()).isLessThanOrEqualTo(PriceTable.REMEMBERED_NAMES);
    int remembered = table.rememberedNames();
    table.entry("openai", "x".repeat(PriceTable.MAX_NAME_LENGTH + 1));
    table.entry("x".repeat(PriceTable.MAX_NAME_LENGTH + 1), "gpt-4o");
    assertThat(table.rememberedNames()).isEqualTo(remembered);
  }

  @Test
  void entry_isTheSameForManyThreads() throws Exception {
    PriceTable table = Tables.SMALL.withOverrides(PriceOverrides.none());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      var checks =
          IntStream.range(0, 4)
              .mapToObj(
                  t ->
                      threads.submit(
                          () -> {
                            for (int i = 0; i < 20_000; i++) {
                              String name = i % 3 == 0 ? "gpt-4o" : "no-such-" + (i + t);
                              assertThat(table.entry(null, name).isAbsent()).isEqualTo(i % 3 != 0);
                            }
                          }))
              .toList();
      for (var check : checks) {
        check.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(table.rememberedNames()).isLessThanOrEqualTo(PriceTable.REMEMBERED_NAMES);
  }
}
