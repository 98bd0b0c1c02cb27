// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * What a contender measured about itself: from the end of the warm-up to its last committed result,
 * but for the peaks, which are those of the whole process.
 *
 * @param events records that it counted meanwhile
 * @param startSeconds from the start of its JVM to its first record
 * @param seconds from the end of the warm-up to its last committed result
 * @param cpuSeconds CPU time of its JVM, compilers and collector included
 * @param brokerCpuSeconds CPU time of the broker meanwhile
 * @param allocatedBytes what its threads allocated on the heap
 * @param peakResidentBytes most memory of its process; 0 where the system does not tell
 * @param peakLiveBytes most heap in use after a collection
 * @param totals its result; null where it is read from the topics it wrote
 */
public record Measurement(
    long events,
    double startSeconds,
    double seconds,
    double cpuSeconds,
    double brokerCpuSeconds,
    long allocatedBytes,
    long peakResidentBytes,
    long peakLiveBytes,
    @Nullable Totals totals) {

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** Prints it as the one line that is looked for on standard output. */
  @SuppressWarnings("SystemOut") // that is the way to the parent
  public void print() {
    try {
      System.out.println(JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers can be written", e);
    }
  }

  /** Whether a line of standard output is what {@link #print()} prints. */
  static boolean isPrinted(String line) {
    return line.startsWith("{\"events\":");
  }

  static Measurement parse(String line) {
    try {
      return JSON.readValue(line, Measurement.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no measurement: " + line, e);
    }
  }

  double eventsPerSecond() {
    return events / seconds;
  }

  double cpuSecondsPerMillion() {
    return cpuSeconds / events * 1e6;
  }

  double brokerCpuSecondsPerMillion() {
    return brokerCpuSeconds / events * 1e6;
  }

  double allocatedBytesPerEvent() {
    return (double) allocatedBytes / events;
  }
}
