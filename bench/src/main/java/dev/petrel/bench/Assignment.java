// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What a contender is told on its command line.
 *
 * @param bootstrapServers the broker
 * @param brokerPid the broker's process, whose CPU time is counted too
 * @param topic the calls to count
 * @param events records of the topic
 * @param warmUp how many of them are read before measuring begins
 * @param partitions of the topic, and of each topic that the contender makes
 * @param threads that may count
 * @param directory an empty one of its own
 */
public record Assignment(
    String bootstrapServers,
    long brokerPid,
    String topic,
    long events,
    long warmUp,
    int partitions,
    int threads,
    Path directory) {

  /** Reads what {@link #toArguments()} wrote. */
  public static Assignment of(String[] arguments) {
    return new Assignment(
        arguments[0],
        Long.parseLong(arguments[1]),
        arguments[2],
        Long.parseLong(arguments[3]),
        Long.parseLong(arguments[4]),
        Integer.parseInt(arguments[5]),
        Integer.parseInt(arguments[6]),
        Path.of(arguments[7]));
  }

  /** How many records are measured. */
  public long measured() {
    return events - warmUp;
  }

  List<String> toArguments() {
    return List.of(
        bootstrapServers,
        Long.toString(brokerPid),
        topic,
        Long.toString(events),
        Long.toString(warmUp),
        Integer.toString(partitions),
        Integer.toString(threads),
        directory.toString());
  }
}
