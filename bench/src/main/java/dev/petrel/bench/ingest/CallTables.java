// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import dev.petrel.bench.Spread;
import dev.petrel.bench.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Runs as text: the median of each subject's repetitions. */
final class CallTables {

  private CallTables() {}

  private record Row(Subject subject, boolean sinkUp) {
    String name() {
      String name = "(%s) %s".formatted(subject.letter(), subject.title());
      return subject.sink().isRemote() ? name + (sinkUp ? ", up" : ", down") : name;
    }
  }

  /** What a call costs: the runs of one regime. */
  static String costs(List<CallRun> runs) {
    TextTable table =
        new TextTable(
            "subject",
            "ns/call",
            "ratio to (a)",
            "p50 ns",
            "p99 ns",
            "p99.9 ns",
            "max µs",
            "caller B/call",
            "JVM B/call",
            "work per call");
    rows(runs)
        .forEach(
            (row, own) ->
                table.add(
                    List.of(
                        row.name(),
                        number("%,.0f", own, CallRun::meanNanos),
                        ratio(own, runs),
                        number("%,.0f", own, CallRun::p50Nanos),
                        number("%,.0f", own, CallRun::p99Nanos),
                        number("%,.0f", own, CallRun::p999Nanos),
                        number("%,.0f", own, run -> run.maxNanos() / 1e3),
                        number("%,.0f", own, run -> run.report().callerBytes()),
                        number("%,.0f", own, CallRun::jvmBytes),
                        row.subject().work())));
    return table.toString();
  }

  /** What became of the calls: the runs of one regime. */
  static String fates(List<CallRun> runs) {
    TextTable table =
        new TextTable(
            "subject",
            "offered",
            "delivered",
            "offered/delivered",
            "lost and told",
            "lost untold",
            "close s");
    rows(runs)
        .forEach(
            (row, own) -> {
              boolean counts = row.subject().sink() != Sink.NOTHING;
              table.add(
                  List.of(
                      row.name(),
                      number("%,.0f", own, run -> run.report().offered()),
                      counts ? number("%,.0f", own, CallRun::delivered) : "-",
                      counts ? offeredByDelivered(own) : "-",
                      reported(own),
                      counts ? number("%,.0f", own, CallRun::untoldLosses) : "-",
                      closing(own)));
            });
    return table.toString();
  }

  private static Map<Row, List<CallRun>> rows(List<CallRun> runs) {
    Map<Row, List<CallRun>> rows = new LinkedHashMap<>();
    runs.stream()
        .map(run -> new Row(run.subject(), run.sinkUp()))
        .distinct()
        .sorted(
            (one, other) ->
                one.subject() == other.subject()
                    ? Boolean.compare(other.sinkUp(), one.sinkUp())
                    : one.subject().compareTo(other.subject()))
        .forEach(
            row ->
                rows.put(
                    row,
                    runs.stream()
                        .filter(run -> row.equals(new Row(run.subject(), run.sinkUp())))
                        .toList()));
    return rows;
  }

  /** Mean time of a call relative to (a) with a broker, in the same repetition; null without. */
  static @Nullable Spread ratios(List<CallRun> own, List<CallRun> all) {
    List<Double> ratios = new ArrayList<>();
    for (CallRun run : own) {
      for (CallRun base : all) {
        if (base.subject() == Subject.PETREL_LOGBACK
            && base.sinkUp()
            && base.repetition() == run.repetition()) {
          ratios.add(run.meanNanos() / base.meanNanos());
        }
      }
    }
    return ratios.isEmpty() ? null : Spread.of(ratios);
  }

  private static String ratio(List<CallRun> own, List<CallRun> all) {
    Spread ratios = ratios(own, all);
    if (ratios == null) {
      return "-";
    }
    String median = text("%.2f", ratios.median());
    return own.size() == 1
        ? median
        : median + text(" [%.2f", ratios.min()) + text("-%.2f]", ratios.max());
  }

  private static String offeredByDelivered(List<CallRun> own) {
    List<Double> factors = new ArrayList<>();
    for (CallRun run : own) {
      Double factor = run.offeredByDelivered();
      if (factor == null) {
        return "-";
      }
      factors.add(factor);
    }
    return text("%.1f", Spread.of(factors).median());
  }

  private static String reported(List<CallRun> own) {
    List<Double> losses = new ArrayList<>();
    for (CallRun run : own) {
      Long reported = run.report().reportedLosses();
      if (reported == null) {
        return "not counted";
      }
      losses.add((double) reported);
    }
    return text("%,.0f", Spread.of(losses).median());
  }

  private static String closing(List<CallRun> own) {
    String seconds = number("%.1f", own, run -> run.report().closeSeconds());
    return own.stream().allMatch(run -> run.report().closed()) ? seconds : "> " + seconds;
  }

  private static String number(String format, List<CallRun> runs, ToDoubleFunction<CallRun> part) {
    List<Double> numbers = runs.stream().map(part::applyAsDouble).toList();
    return text(format, Spread.of(numbers).median());
  }

  private static String text(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }
}
