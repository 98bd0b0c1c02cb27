// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** Measures what this JVM takes between two moments. Thread-safe. */
public final class Meter {

  private static final String PEAK_RESIDENT = "VmHWM:";

  /** What had been taken since the start of the processes at one moment. */
  public record Moment(long nanos, long cpuNanos, long brokerCpuNanos, long allocatedBytes) {}

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Set<String> heapPools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toUnmodifiableSet());
  private final AtomicLong peakLiveBytes = new AtomicLong();
  private final AtomicLong startMillis = new AtomicLong();
  private final long brokerPid;

  /**
   * Begins to watch the heap.
   *
   * @param brokerPid the broker's process
   */
  public Meter(long brokerPid) {
    this.brokerPid = brokerPid;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener((notification, back) -> collected(notification), null, null);
    }
  }

  private void collected(Notification notification) {
    if (!notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      return;
    }
    GarbageCollectionNotificationInfo collection =
        GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
    long live = 0;
    for (Map.Entry<String, MemoryUsage> pool :
        collection.getGcInfo().getMemoryUsageAfterGc().entrySet()) {
      live += heapPools.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
    }
    peakLiveBytes.accumulateAndGet(live, Math::max);
  }

  /** To be told when the first record is there: the start is over. Later calls change nothing. */
  public void started() {
    startMillis.compareAndSet(
        0, System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
  }

  /** This moment. */
  public Moment now() {
    Duration brokerCpu =
        ProcessHandle.of(brokerPid)
            .flatMap(broker -> broker.info().totalCpuDuration())
            .orElse(Duration.ZERO);
    return new Moment(
        System.nanoTime(),
        system.getProcessCpuTime(),
        brokerCpu.toNanos(),
        threads.getTotalThreadAllocatedBytes());
  }

  /**
   * What was taken between two moments.
   *
   * @param events records counted between them
   * @param totals the result, null when it is elsewhere
   */
  public Measurement between(Moment first, Moment last, long events, @Nullable Totals totals) {
    return new Measurement(
        events,
        startMillis.get() / 1000.0,
        (last.nanos() - first.nanos()) / 1e9,
        (last.cpuNanos() - first.cpuNanos()) / 1e9,
        (last.brokerCpuNanos() - first.brokerCpuNanos()) / 1e9,
        last.allocatedBytes() - first.allocatedBytes(),
        peakResidentBytes(),
        peakLiveBytes.get(),
        totals);
  }

  private static long peakResidentBytes() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(PEAK_RESIDENT))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
