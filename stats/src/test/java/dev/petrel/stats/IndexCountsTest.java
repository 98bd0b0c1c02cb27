// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever its form inside, it counts as a sorted map does. */
class IndexCountsTest {

  private final Random random = new Random(11);

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 40, 400, 4_000, 1_000_000, Integer.MAX_VALUE})
  void addMergeAndSubtract_countLikeASortedMap(int spread) {
    for (int round = 0; round < 50; round++) {
      IndexCounts counts = new IndexCounts();
      TreeMap<Integer, Long> expected = new TreeMap<>();
      fill(counts, expected, spread, random.nextInt(300));
      IndexCounts part = new IndexCounts();
      TreeMap<Integer, Long> expectedPart = new TreeMap<>();
      fill(part, expectedPart, Math.max(1, spread / (1 + random.nextInt(4))), random.nextInt(100));
      assertThat(contents(part)).isEqualTo(expectedPart);

      if (random.nextBoolean()) {
        counts.merge(part);
      } else {
        counts.merge(ByteBuffer.wrap(encoded(part)));
      }
      expectedPart.forEach((index, count) -> expected.merge(index, count, Long::sum));
      assertThat(contents(counts)).isEqualTo(expected);
      assertThat(counts.total())
          .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());

      IndexCounts copy = new IndexCounts();
      copy.merge(counts);
      counts.subtract(part);
      assertThat(contents(copy)).as("copy").isEqualTo(expected);
      expectedPart.forEach((index, count) -> expected.merge(index, -count, Long::sum));
      expected.values().removeIf(count -> count == 0);
      assertThat(contents(counts)).isEqualTo(expected);
      fill(counts, expected, spread, 20);
      assertThat(contents(counts)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 400, Integer.MAX_VALUE})
  void encode_doesNotDependOnTheOrder(int spread) {
    int[] indexes = random.ints(200, -spread / 2, spread / 2 + 1).toArray();
    IndexCounts forth = new IndexCounts();
    IndexCounts back = new IndexCounts();
    for (int i = 0; i < indexes.length; i++) {
      forth.add(indexes[i], 1);
      back.add(indexes[indexes.length - 1 - i], 1);
    }

    assertThat(encoded(forth)).isEqualTo(encoded(back));
  }

  private void fill(IndexCounts counts, TreeMap<Integer, Long> expected, int spread, int times) {
    for (int i = 0; i < times; i++) {
      int index = random.nextInt(spread) - spread / 2;
      long count = 1 + (random.nextInt(20) == 0 ? random.nextInt(3) : 0);
      counts.add(index, count);
      expected.merge(index, count, Long::sum);
    }
  }

  private static TreeMap<Integer, Long> contents(IndexCounts counts) {
    TreeMap<Integer, Long> contents = new TreeMap<>();
    for (int position = 0; position < counts.positions(); position++) {
      if (counts.count(position) != 0) {
        contents.put(counts.index(position), counts.count(position));
      }
    }
    return contents;
  }

  private static byte[] encoded(IndexCounts counts) {
    ByteBuffer out = ByteBuffer.allocate(counts.encodedSizeBound());
    counts.encode(out);
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }
}
