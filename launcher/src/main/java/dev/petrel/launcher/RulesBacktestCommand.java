// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.backtest.Backtest;
import dev.petrel.alerting.backtest.Told;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.launcher.replay.RecordedCall;
import dev.petrel.launcher.replay.Recording;
import dev.petrel.launcher.replay.RejectedRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code petrel rules backtest}. */
@Command(
    name = "backtest",
    description = {
      "Runs rules over recorded calls, with the detection that runs live and the recording's clock.",
      "With --against, exits with 1 when the two rule files do not raise the same alerts."
    },
    mixinStandardHelpOptions = true)
final class RulesBacktestCommand implements Callable<Integer> {

  /** Recordings are in the order of start, calls arrive when they end. */
  private static final long REORDER_MS = 10 * 60_000L;

  private static final double DAY_MS = 86_400_000.0;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Recorded calls, oldest first.")
  private List<Path> files = List.of();

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "The rule file (default: the rules that are in force without one).")
  private @Nullable Path rulesFile;

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description = "Another rule file: shows what the two raise differently.")
  private @Nullable Path againstFile;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Mixin private RecordingOptions recordingOptions = new RecordingOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** A call and when it was published. */
  private record Arrival(long at, LlmCallEvent event) {}

  @Override
  public Integer call() throws IOException {
    Told told = new Told();
    Told other = new Told();
    List<Backtest> runs = new ArrayList<>();
    runs.add(backtest(rulesFile, told));
    if (againstFile != null) {
      runs.add(backtest(againstFile, other));
    }
    Feed feed = new Feed(runs);
    for (Path file : files) {
      new Recording(file, recordingOptions.formatOf(file, spec)).read(feed);
    }
    feed.end();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report(told, againstFile == null ? null : other, feed).toPrettyString());
    } else {
      print(out, told, feed);
      if (againstFile != null) {
        printDifference(out, told, other);
      }
    }
    return againstFile == null || told.sameAs(other) ? 0 : 1;
  }

  private static Backtest backtest(@Nullable Path file, Told told) throws IOException {
    List<Rule> rules = file == null ? Rule.defaults() : RuleFiles.read(file).rules();
    return new Backtest(rules, "", told::accept);
  }

  /** Gives calls to the runs in the order in which they arrived. */
  private static final class Feed implements Recording.RowConsumer {
    private final List<Backtest> runs;
    private final PriorityQueue<Arrival> waiting =
        new PriorityQueue<>(Comparator.comparingLong(Arrival::at));
    private long calls;
    private long rejected;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    Feed(List<Backtest> runs) {
      this.runs = runs;
    }

    @Override
    public void accept(RecordedCall call) {
      LlmCallEvent.Builder builder = call.event();
      if (builder.get(EventField.EVENT_ID) == null) {
        builder.set(EventField.EVENT_ID, "row-" + call.row());
      }
      LlmCallEvent event = builder.build();
      Double duration = event.get(EventField.DURATION_MS);
      long at = event.timestamp() + (duration == null ? 0 : Math.round(duration));
      calls++;
      first = Math.min(first, event.timestamp());
      last = Math.max(last, at);
      waiting.add(new Arrival(at, event));
      Arrival next = waiting.peek();
      while (next != null && next.at() < event.timestamp() - REORDER_MS) {
        give(waiting.remove());
        next = waiting.peek();
      }
    }

    @Override
    public void reject(RejectedRow row) {
      rejected++;
    }

    private void give(Arrival arrival) {
      runs.forEach(run -> run.add(arrival.event(), arrival.at()));
    }

    void end() {
      while (!waiting.isEmpty()) {
        give(waiting.remove());
      }
      if (calls > 0) {
        runs.forEach(run -> run.advanceTo(last));
      }
    }

    double days() {
      return calls == 0 ? 0 : (last - first) / DAY_MS;
    }
  }

  private static void print(PrintWriter out, Told told, Feed feed) {
    out.printf("%,d calls over %.2f days", feed.calls, feed.days());
    if (feed.rejected > 0) {
      out.printf(", %,d rows rejected", feed.rejected);
    }
    out.println();
    for (Told.Episode episode : told.episodes()) {
      out.printf(
          "%s  %-20s %-9s after %4d s, %s  %s%n",
          Instant.ofEpochMilli(episode.startsAt()),
          episode.rule(),
          episode.severity(),
          (episode.firedAt() - episode.startsAt()) / 1000,
          episode.endsAt() == null
              ? "goes on"
              : "lasted " + (episode.endsAt() - episode.startsAt()) / 1000 + " s",
          episode.labels());
    }
    counts(told)
        .forEach(
            (rule, count) ->
                out.printf(
                    "%-20s %d alerts, %.2f a day%n",
                    rule, count, count / Math.max(1e-9, feed.days())));
    if (told.episodes().isEmpty()) {
      out.println("no alerts");
    }
  }

  private static Map<String, Integer> counts(Told told) {
    Map<String, Integer> counts = new TreeMap<>();
    told.episodes().forEach(episode -> counts.merge(episode.rule(), 1, Integer::sum));
    return counts;
  }

  private static void printDifference(PrintWriter out, Told told, Told other) {
    told.notIn(other)
        .forEach(each -> out.printf("only the rules: %s %s%n", each.rule(), each.labels()));
    other
        .notIn(told)
        .forEach(each -> out.printf("only --against: %s %s%n", each.rule(), each.labels()));
    if (told.sameAs(other)) {
      out.println("both raise the same alerts");
    }
  }

  private static ObjectNode report(Told told, @Nullable Told other, Feed feed) {
    ObjectNode report = JSON.createObjectNode();
    report.put("calls", feed.calls).put("rejected", feed.rejected).put("days", feed.days());
    report.set("alerts", array(told.episodes()));
    if (other != null) {
      report.set("only_rules", array(told.notIn(other)));
      report.set("only_against", array(other.notIn(told)));
    }
    return report;
  }

  private static ArrayNode array(List<Told.Episode> episodes) {
    ArrayNode array = JSON.createArrayNode();
    for (Told.Episode episode : episodes) {
      ObjectNode node =
          array
              .addObject()
              .put("rule", episode.rule())
              .put("pattern", episode.pattern())
              .put("severity", episode.severity())
              .put("starts_at", episode.startsAt())
              .put("fired_at", episode.firedAt())
              .put("ends_at", episode.endsAt())
              .put("summary", episode.summary());
      node.set("labels", JSON.valueToTree(episode.labels()));
    }
    return array;
  }
}
