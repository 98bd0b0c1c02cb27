// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import com.sun.management.ThreadMXBean;
import dev.petrel.bench.ParentWatch;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * What logging one call costs the thread that logs it. JMH measures the time; what it cannot know,
 * this JVM leaves in a file as a {@link ForkReport}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallCost {

  private static final int CALLS = 1024;
  private static final long SEED = 1;

  /** Longer than any subject's own bound for ending; one that has none would never end. */
  private static final long CLOSE_PATIENCE_MILLIS = 10_000;

  /** The name of a {@link Subject}. */
  @Param("OFF")
  public String subject = "";

  /** Where its sink is: host:port, or a file. */
  @Param("")
  public String address = "";

  /** The topic, where the sink is one. */
  @Param("")
  public String topic = "";

  /** Calls that a thread makes a second, where they are paced. */
  @Param("10000")
  public int rate;

  /** Where the report goes. */
  @Param("")
  public String report = "";

  private final LongAdder offered = new LongAdder();
  private final LongAdder measured = new LongAdder();
  private final LongAdder allocated = new LongAdder();
  private final List<LoggedCall> calls = LoggedCall.generate(CALLS, SEED);
  private CallLog log = Subject.OFF.open("", "");

  /** Gets the subject ready. */
  @Setup(Level.Trial)
  public void open() {
    ParentWatch.start();
    log = Subject.valueOf(subject).open(address, topic);
  }

  /** Ends the subject and tells what became of the calls. */
  @TearDown(Level.Trial)
  public void close() throws InterruptedException {
    long start = System.nanoTime();
    Thread closing = Thread.ofPlatform().daemon().name("close").start(log::close);
    closing.join(CLOSE_PATIENCE_MILLIS);
    double seconds = (System.nanoTime() - start) / 1e9;
    new ForkReport(
            offered.sum(),
            log.reportedLosses(),
            (double) allocated.sum() / Math.max(1, measured.sum()),
            seconds,
            !closing.isAlive())
        .write(Path.of(report));
  }

  /** A thread that makes calls. */
  @State(Scope.Thread)
  public static class Caller {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private int next;
    private long made;
    private long allocatedBefore;

    /** Notes where an iteration begins. */
    @Setup(Level.Iteration)
    public void begin() {
      made = 0;
      allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Adds what the iteration brought. */
    @TearDown(Level.Iteration)
    public void end(CallCost all, IterationParams iteration) {
      long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
      all.offered.add(made);
      if (iteration.getType() == IterationType.MEASUREMENT) {
        all.measured.add(made);
        all.allocated.add(bytes);
      }
    }

    private LoggedCall next(List<LoggedCall> calls) {
      made++;
      return calls.get(next++ & CALLS - 1);
    }
  }

  /** Waits for the time of the next call. What was late is made up for, up to a second. */
  @State(Scope.Thread)
  public static class Pace {
    private long due = System.nanoTime();

    /** Returns when it is time; none of it is measured. */
    @Setup(Level.Invocation)
    public void await(CallCost all) {
      long interval = TimeUnit.SECONDS.toNanos(1) / all.rate;
      due = Math.max(due + interval, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  /** Calls at a steady rate, which every subject can take. */
  @Benchmark
  public void paced(Caller caller, Pace pace) {
    log.log(caller.next(calls));
  }

  /** Calls as fast as they go: many times what can be delivered. */
  @Benchmark
  public void flood(Caller caller) {
    log.log(caller.next(calls));
  }
}
