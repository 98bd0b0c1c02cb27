// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.dashboards.accounts.Conservation;
import dev.petrel.launcher.Findings.Finding;
import dev.petrel.launcher.Findings.Verdict;
import dev.petrel.stats.Accounts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConservationReportTest {

  private final Findings findings = new Findings();
  private final ConservationReport report = new ConservationReport(findings);

  @Test
  void equation_holds() {
    report.equation(
        conservation(new Accounts(0, 0, 1010, 1010, 1000, 4, 5, 1, 0), merged(1, 1000)));

    assertThat(only().verdict()).isEqualTo(Verdict.OK);
    assertThat(only().text())
        .isEqualTo(
            "accepted 1,010 = aggregated 1,000 + dead-lettered 4 + duplicates 5 + beyond retention 1");
  }

  @Test
  void equation_failsOnAnyDifference() {
    report.equation(conservation(new Accounts(0, 0, 10, 10, 9, 0, 0, 0, 0)));
    report.equation(conservation(new Accounts(0, 0, 10, 10, 11, 0, 0, 0, 0)));

    assertThat(findings.all()).extracting(Finding::verdict).containsOnly(Verdict.FAILS);
    assertThat(findings.all().get(0).text()).endsWith("1 records are unaccounted for");
    assertThat(findings.all().get(1).text()).endsWith("1 records are accounted for twice");
  }

  @Test
  void equation_ofNothingIsFine() {
    report.equation(conservation());

    assertThat(only().text()).contains("no call has been read");
  }

  @Test
  void unreadOffsets_areANoteWithBothReasons() {
    report.unreadOffsets(conservation(new Accounts(0, 0, 10, 10, 10, 0, 0, 0, 0)));
    assertThat(findings.all()).isEmpty();

    report.unreadOffsets(
        conservation(
            new Accounts(0, 0, 10, 10, 10, 0, 0, 0, 0), new Accounts(1, 5, 15, 7, 7, 0, 0, 0, 0)));

    assertThat(only().verdict()).isEqualTo(Verdict.NOTES);
    assertThat(only().text()).contains("3 offsets of llm-calls", "{1=3}");
    assertThat(only().remedy()).contains("transactions", "retention.ms");
  }

  @Test
  void offsets_thatAgreeMayHaveMarkersBetween() {
    report.offsets(
        List.of(
            new PartitionOffsets(0, 10, 10, 10, false),
            // Traffic goes on while they are read.
            new PartitionOffsets(1, 12, 10, 15, false),
            new PartitionOffsets(2, 10, 11, 11, false)));

    assertThat(only().verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void offsets_failWhereRecordsWereSkippedOrComeAgain() {
    report.offsets(
        List.of(
            new PartitionOffsets(0, 10, 10, 10, false),
            new PartitionOffsets(1, 10, 14, 14, true),
            new PartitionOffsets(2, 10, 3, 3, false)));

    assertThat(findings.all()).extracting(Finding::verdict).containsOnly(Verdict.FAILS).hasSize(2);
    assertThat(findings.all().get(0).text()).contains("partition 1", "never counted");
    assertThat(findings.all().get(0).remedy()).contains("llm-calls:1", "--to-offset 10");
    assertThat(findings.all().get(1).text()).contains("partition 2", "read again");
    assertThat(findings.all().get(1).remedy()).contains("llm-calls:2", "--to-offset 10");
  }

  @Test
  void inFlight_warnsOnlyWhenNothingIsLeftToRead() {
    Conservation open = conservation(new Accounts(0, 0, 10, 10, 10, 0, 0, 0, 0), merged(0, 7));

    report.inFlight(open, true);
    report.inFlight(open, false);

    assertThat(findings.all())
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK, Verdict.WARNS);
    assertThat(findings.all().get(1).text()).startsWith("3 attempts are on their way");
    assertThat(findings.all().get(1).remedy()).contains("again in a few seconds");
  }

  @Test
  void inFlight_failsWhenMoreIsPublishedThanWasCounted() {
    report.inFlight(conservation(new Accounts(0, 0, 10, 10, 10, 0, 0, 0, 0), merged(0, 12)), false);

    assertThat(only().verdict()).isEqualTo(Verdict.FAILS);
    assertThat(only().text()).contains("2 attempts more than were counted");
  }

  @Test
  void documents_areComparedWithWhatWasPublishedAroundThem() {
    report.documents(10, 10, 10, false);
    report.documents(10, 12, 15, false);
    report.documents(10, 7, 10, true);
    report.documents(10, 7, 10, false);
    report.documents(10, 16, 15, true);

    assertThat(findings.all())
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK, Verdict.OK, Verdict.OK, Verdict.WARNS, Verdict.WARNS);
    assertThat(findings.all().get(2).text()).contains("waits for petrel-dashboards");
    assertThat(findings.all().get(3).remedy()).contains("retention", "--to-earliest");
    assertThat(findings.all().get(4).remedy()).contains("another installation");
  }

  private Finding only() {
    assertThat(findings.all()).hasSize(1);
    return findings.all().get(0);
  }

  private static Accounts merged(int partition, long merged) {
    return new Accounts(partition, -1, -1, 0, 0, 0, 0, 0, merged);
  }

  private static Conservation conservation(Accounts... accounts) {
    Map<String, Accounts> byKey = new TreeMap<>();
    for (Accounts each : accounts) {
      byKey.put((each.accepted() > 0 ? "calls-" : "scopes-") + each.partition(), each);
    }
    return new Conservation(new TreeMap<>(byKey));
  }
}
