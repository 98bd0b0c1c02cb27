// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.flink;

import dev.petrel.bench.Call;
import dev.petrel.bench.Counts;
import org.apache.flink.api.common.functions.AggregateFunction;

/** Counts calls in place. */
final class Counting implements AggregateFunction<Call, Counts, Counts> {

  private static final long serialVersionUID = 1;

  Counting() {}

  @Override
  public Counts createAccumulator() {
    return new Counts();
  }

  @Override
  public Counts add(Call call, Counts counts) {
    counts.add(call);
    return counts;
  }

  @Override
  public Counts getResult(Counts counts) {
    return counts;
  }

  @Override
  public Counts merge(Counts counts, Counts others) {
    counts.add(others);
    return counts;
  }
}
