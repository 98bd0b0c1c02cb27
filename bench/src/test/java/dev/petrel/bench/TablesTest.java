// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {

  private static Run run(int repetition, Contender contender, double seconds) {
    Measurement measured = new Measurement(1000, 1, seconds, 1, 1, 1, 1, 1, null);
    return new Run(repetition, contender.title(), contender.letter(), measured);
  }

  @Test
  void ratios_areThoseOfTheSameRepetition() {
    List<Run> petrel = List.of(run(1, Contender.PETREL, 2), run(2, Contender.PETREL, 8));
    List<Run> bare = List.of(run(1, Contender.BARE, 1), run(2, Contender.BARE, 2));
    List<Run> all = List.of(bare.get(0), petrel.get(0), bare.get(1), petrel.get(1));
    assertThat(Tables.ratios(petrel, all)).isEqualTo(new Spread(0.375, 0.25, 0.5));
  }

  @Test
  void ratios_nullWithoutTheBareLoop() {
    List<Run> petrel = List.of(run(1, Contender.PETREL, 2));
    assertThat(Tables.ratios(petrel, petrel)).isNull();
  }

  @Test
  void same_failsOnAnyOtherSum() {
    Totals truth = new Totals(10, 1, 100, 50, 7);
    ResultCheck.same("it", truth, new Totals(10, 1, 100, 50, 7));
    assertThatThrownBy(() -> ResultCheck.same("it", truth, new Totals(10, 1, 101, 50, 7)))
        .isInstanceOf(WrongResultException.class)
        .hasMessageContainingAll("it: WRONG RESULT", "inputTokens=101", "inputTokens=100");
  }

  @Test
  void bucketOf_twoAnOctaveFromOneMillisecond() {
    assertThat(List.of(0.0, 1.0, 1.49, 1.5, 2.0, 1024.0, 1e9).stream().map(Counts::bucketOf))
        .containsExactly(0, 0, 0, 1, 2, 20, 31);
  }
}
