// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.bench.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallTablesTest {

  private static CallRun run(int repetition, Subject subject, boolean up, double nanos) {
    ForkReport report = new ForkReport(1_000, subject.isPetrel() ? 100L : null, 900, 0.5, true);
    return new CallRun(
        repetition,
        subject,
        Regime.PACED,
        up,
        nanos,
        nanos,
        nanos,
        nanos,
        nanos,
        2_000,
        1_000,
        400,
        report);
  }

  @Test
  void ratios_areToPetrelWithABroker_inTheSameRepetition() {
    List<CallRun> file =
        List.of(run(1, Subject.LOGBACK_FILE, true, 50), run(2, Subject.LOGBACK_FILE, true, 300));
    List<CallRun> all =
        List.of(
            run(1, Subject.PETREL_LOGBACK, true, 100),
            run(1, Subject.PETREL_LOGBACK, false, 1),
            run(2, Subject.PETREL_LOGBACK, true, 200),
            file.get(0),
            file.get(1));

    assertThat(CallTables.ratios(file, all)).isEqualTo(new Spread(1, 0.5, 1.5));
    assertThat(CallTables.ratios(file, file)).isNull();
  }

  @Test
  void untoldLosses_areWhatNeitherArrivedNorIsCounted() {
    assertThat(run(1, Subject.PETREL_LOGBACK, true, 1).untoldLosses()).isEqualTo(500);
    assertThat(run(1, Subject.LOGBACK_FILE, true, 1).untoldLosses()).isEqualTo(600);
  }

  @Test
  void tables_haveARowForEachStateOfARemoteSink() {
    List<CallRun> runs =
        List.of(
            run(1, Subject.PETREL_LOGBACK, false, 1),
            run(1, Subject.LOGBACK_FILE, true, 1),
            run(1, Subject.PETREL_LOGBACK, true, 1));

    assertThat(CallTables.costs(runs).lines().skip(1))
        .satisfiesExactly(
            row -> assertThat(row).startsWith("(a) Petrel Logback, up "),
            row -> assertThat(row).startsWith("(a) Petrel Logback, down "),
            row -> assertThat(row).startsWith("(d) Logback AsyncAppender, file "));
    assertThat(CallTables.fates(runs)).contains("not counted");
  }
}
