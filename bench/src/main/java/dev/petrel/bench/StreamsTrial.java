// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import static java.util.Objects.requireNonNull;

import dev.petrel.service.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One load in the broker, over which contenders run one after the other. Each starts with nothing:
 * no group, no state, no results of an earlier one.
 *
 * @param bed the broker and all else that is shared
 * @param workload the load
 * @param partitions of each topic
 * @param warmUp how many records are not measured
 * @param headEvents how many first records are also in a topic of their own, for contenders that
 *     would take too long over all
 * @param written the truth about both
 */
record StreamsTrial(
    TestBed bed,
    Workload workload,
    int partitions,
    long warmUp,
    long headEvents,
    WorkloadWriter.Written written) {

  /** Directory with the class path of contender (d), set by bench/run when it was built. */
  static final String FLINK_PROPERTY = "petrel.bench.flink";

  private static final String HEAD = "bench-calls-head";
  private static final String FLINK_RESULTS = "bench-flink-results";

  /** Writes the load, in place of an earlier one. */
  static StreamsTrial prepare(
      TestBed bed, Workload workload, int partitions, long warmUp, long measuredHead) {
    String calls = Topic.CALLS.topicName();
    bed.broker().replaceTopic(calls, partitions, Topic.CALLS.config());
    bed.broker().replaceTopic(HEAD, partitions, Topic.CALLS.config());
    long head = Math.min(measuredHead + Math.min(warmUp, measuredHead / 2), workload.events());
    return new StreamsTrial(
        bed, workload, partitions, warmUp, head, bed.writer().write(workload, calls, HEAD, head));
  }

  /** How many of its first records a contender counts without being measured. */
  private long warmUpOf(Contender contender) {
    return contender == Contender.NAIVE ? Math.min(warmUp, headEvents / 3) : warmUp;
  }

  /** How many records a contender counts. */
  long eventsOf(Contender contender) {
    return contender == Contender.NAIVE ? headEvents : workload.events();
  }

  /**
   * Runs a contender and holds its result to the truth.
   *
   * @param jfr where to put a flight recording, null for none
   * @throws WrongResultException when the result is not the truth
   */
  Measurement run(Contender contender, int threads, @Nullable Path jfr)
      throws InterruptedException {
    forget(contender);
    if (contender == Contender.NAIVE) {
      for (String topic : NaiveTopology.resultTopics()) {
        bed.broker().replaceTopic(topic, partitions, Map.of());
      }
    } else if (contender == Contender.FLINK) {
      bed.broker().replaceTopic(FLINK_RESULTS, partitions, Map.of());
    }
    Path own = bed.directory().newDirectory(contender.name().toLowerCase(Locale.ROOT));
    Measurement measured =
        bed.jvm()
            .run(
                String.valueOf(own.getFileName()),
                contender.mainClass(),
                classPath(contender),
                flags(contender, jfr),
                assignment(contender, threads, own));
    check(contender, measured);
    if (jfr != null) {
      bed.broker().sizes().forEach(System.err::println);
    }
    forget(contender);
    WorkDirectory.delete(own);
    return measured;
  }

  private Assignment assignment(Contender contender, int threads, Path own) {
    return new Assignment(
        bed.broker().bootstrapServers(),
        bed.broker().pid(),
        contender == Contender.NAIVE ? HEAD : Topic.CALLS.topicName(),
        eventsOf(contender),
        warmUpOf(contender),
        partitions,
        threads,
        own);
  }

  private static String classPath(Contender contender) {
    String shared = System.getProperty("java.class.path");
    if (contender != Contender.FLINK) {
      return shared;
    }
    return requireNonNull(
            System.getProperty(FLINK_PROPERTY), "Flink is not built: use --without-flink")
        + "/*";
  }

  private static List<String> flags(Contender contender, @Nullable Path jfr) {
    return switch (contender) {
      case BARE, NAIVE -> List.of();
      case PETREL ->
          jfr == null
              ? List.of()
              : List.of(
                  "-XX:StartFlightRecording:settings=profile,dumponexit=true,filename=" + jfr);
      // What Flink's own start scripts open.
      case FLINK ->
          List.of(
              "--add-opens=java.base/java.lang=ALL-UNNAMED",
              "--add-opens=java.base/java.util=ALL-UNNAMED",
              "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
              "--add-opens=java.base/java.time=ALL-UNNAMED");
    };
  }

  private void check(Contender contender, Measurement measured) {
    ResultCheck check = new ResultCheck(new TopicReader(bed.broker().bootstrapServers()));
    switch (contender) {
      case BARE ->
          ResultCheck.same(
              "bare loop",
              written.whole().records(),
              requireNonNull(measured.totals(), "totals of the bare loop"));
      case PETREL -> check.petrel(written.whole());
      case NAIVE -> check.naive(written.head());
      case FLINK -> check.onceEach(FLINK_RESULTS, written.whole());
    }
  }

  private void forget(Contender contender) throws InterruptedException {
    switch (contender) {
      case BARE -> {}
      case PETREL -> {
        bed.broker().forget(PetrelStreams.APPLICATION);
        bed.broker()
            .deleteTopics(
                List.of(
                    Topic.CALL_STATS.topicName(),
                    Topic.CALL_ROLLUPS.topicName(),
                    Topic.ACCOUNTS.topicName()));
      }
      case NAIVE -> {
        bed.broker().forget(NaiveStreams.APPLICATION);
        bed.broker().deleteTopics(NaiveTopology.resultTopics());
      }
      case FLINK -> bed.broker().deleteTopics(List.of(FLINK_RESULTS));
    }
  }
}
