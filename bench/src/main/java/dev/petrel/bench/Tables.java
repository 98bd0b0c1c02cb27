// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Runs as text: the median of each contender's or variation's repetitions. */
final class Tables {

  private static final double MEBIBYTE = 1024 * 1024;

  private Tables() {}

  /** Contenders beside each other, with their ratio to the bare loop of the same repetition. */
  static String contenders(List<Run> runs) {
    return table("contender", runs, true);
  }

  /** Variations of one contender. */
  static String variations(List<Run> runs) {
    return table("variation", runs, false);
  }

  private static String table(String heading, List<Run> runs, boolean ratios) {
    TextTable table =
        new TextTable(
            heading,
            "events",
            "start s",
            "events/s",
            ratios ? "ratio to (a)" : "runs",
            "CPU s/M",
            "broker CPU s/M",
            "peak RSS MiB",
            "heap after GC MiB",
            "alloc B/event");
    Set<String> names = new LinkedHashSet<>();
    runs.forEach(run -> names.add(run.name()));
    for (String name : names) {
      List<Run> own = runs.stream().filter(run -> run.name().equals(name)).toList();
      table.add(
          List.of(
              name,
              number("%,.0f", own, Measurement::events),
              number("%.1f", own, Measurement::startSeconds),
              number("%,.0f", own, Measurement::eventsPerSecond),
              ratios ? ratio(own, runs) : Integer.toString(own.size()),
              number("%.2f", own, Measurement::cpuSecondsPerMillion),
              number("%.2f", own, Measurement::brokerCpuSecondsPerMillion),
              number("%,.0f", own, measured -> measured.peakResidentBytes() / MEBIBYTE),
              number("%,.0f", own, measured -> measured.peakLiveBytes() / MEBIBYTE),
              number("%,.0f", own, Measurement::allocatedBytesPerEvent)));
    }
    return table.toString();
  }

  private static String number(String format, List<Run> runs, ToDoubleFunction<Measurement> part) {
    List<Double> numbers = runs.stream().map(run -> part.applyAsDouble(run.measured())).toList();
    return text(format, Spread.of(numbers).median());
  }

  private static String ratio(List<Run> own, List<Run> all) {
    Spread ratios = ratios(own, all);
    if (ratios == null) {
      return "-";
    }
    String median = text("%.2f", ratios.median());
    return own.size() == 1
        ? median
        : median + text(" [%.2f", ratios.min()) + text("-%.2f]", ratios.max());
  }

  /** Events a second relative to the bare loop of the same repetition; null without one. */
  static @Nullable Spread ratios(List<Run> own, List<Run> all) {
    List<Double> ratios = new ArrayList<>();
    for (Run run : own) {
      for (Run base : all) {
        if (base.letter().equals(Contender.BARE.letter())
            && base.repetition() == run.repetition()) {
          ratios.add(run.measured().eventsPerSecond() / base.measured().eventsPerSecond());
        }
      }
    }
    return ratios.isEmpty() ? null : Spread.of(ratios);
  }

  private static String text(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }
}
