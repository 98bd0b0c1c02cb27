// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantileSketchTest {

  @Test
  void quantile_isNaNWhenEmpty() {
    assertThat(new QuantileSketch().quantile(0.5)).isNaN();
    assertThat(new QuantileSketch().max()).isZero();
  }

  @Test
  void quantile_isWithinTheAccuracyOfNearestRank() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      double[] values = randomValues(random, 1 + random.nextInt(3000));
      QuantileSketch sketch = sketchOf(values);
      Arrays.sort(values);
      for (double q = 0; q <= 1; q += 0.01) {
        double exact = values[Math.max(1, (int) Math.ceil(q * values.length)) - 1];
        assertThat(sketch.quantile(q))
            .as("seed %d, round %d, q %f", seed, round, q)
            .isCloseTo(exact, within(exact * QuantileSketch.RELATIVE_ACCURACY + 0.001));
      }
    }
  }

  @Test
  void merge_givesTheSameSketchInAnyOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    double[] values = randomValues(random, 5000);
    QuantileSketch whole = sketchOf(values);

    QuantileSketch forward = new QuantileSketch();
    QuantileSketch backward = new QuantileSketch();
    for (int part = 0; part < 10; part++) {
      forward.merge(sketchOf(Arrays.copyOfRange(values, part * 500, part * 500 + 500)));
      int back = 9 - part;
      backward.merge(sketchOf(Arrays.copyOfRange(values, back * 500, back * 500 + 500)));
    }

    for (double q = 0; q <= 1; q += 0.01) {
      assertThat(forward.quantile(q)).as("seed %d", seed).isEqualTo(whole.quantile(q));
      assertThat(backward.quantile(q)).as("seed %d", seed).isEqualTo(whole.quantile(q));
    }
    assertThat(forward.count()).isEqualTo(whole.count());
    assertThat(forward.max()).isEqualTo(whole.max());
  }

  @Test
  void quantile_countsZeros() {
    QuantileSketch sketch = sketchOf(new double[] {0, 0, 0, 500});

    assertThat(sketch.quantile(0.75)).isZero();
    assertThat(sketch.quantile(0.76)).isCloseTo(500, within(4.0));
    assertThat(sketch.max()).isEqualTo(500);
  }

  @Test
  void add_refusesWhatIsNoLatency() {
    QuantileSketch sketch = new QuantileSketch();

    assertThatThrownBy(() -> sketch.add(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> sketch.add(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> sketch.add(Double.POSITIVE_INFINITY)).hasMessageContaining("Infinity");
    assertThat(sketch.count()).isZero();
  }

  @Test
  void encode_keepsTheSketch() {
    QuantileSketch sketch = sketchOf(new double[] {0, 0.5, 12, 12, 1e9, Double.MIN_VALUE});
    ByteBuffer bytes = ByteBuffer.allocate(sketch.encodedSizeBound());
    sketch.encode(bytes);

    QuantileSketch decoded = new QuantileSketch();
    decoded.merge(bytes.flip());

    assertThat(bytes.hasRemaining()).isFalse();
    assertThat(decoded.count()).isEqualTo(6);
    assertThat(decoded.max()).isEqualTo(sketch.max());
    for (double q = 0; q <= 1; q += 0.1) {
      assertThat(decoded.quantile(q)).isEqualTo(sketch.quantile(q));
    }
  }

  private static double[] randomValues(Random random, int count) {
    double scale = Math.pow(10, random.nextInt(7) - 1);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(20) == 0 ? 0 : scale * Math.exp(random.nextGaussian() * 2);
    }
    return values;
  }

  private static QuantileSketch sketchOf(double[] values) {
    QuantileSketch sketch = new QuantileSketch();
    for (double value : values) {
      sketch.add(value);
    }
    return sketch;
  }
}
