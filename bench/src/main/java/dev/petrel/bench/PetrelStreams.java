// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import dev.petrel.service.Topic;
import dev.petrel.streams.StreamsService;
import dev.petrel.streams.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Contender (b): Petrel's own aggregation, with its defaults but for the number of threads. */
final class PetrelStreams {

  /** Its consumer group. */
  static final String APPLICATION = "petrel-streams";

  private PetrelStreams() {}

  public static void main(String[] arguments) throws InterruptedException {
    ParentWatch.start();
    Assignment assignment = Assignment.of(arguments);
    Meter meter = new Meter(assignment.brokerPid());
    try (StreamsService service =
            new StreamsService(settings(assignment), new SimpleMeterRegistry());
        StreamsProgress progress =
            new StreamsProgress(
                assignment.bootstrapServers(),
                APPLICATION,
                assignment.topic(),
                List.of(Topic.CALL_STATS.topicName()))) {
      service.start();
      progress.awaitRecords(1);
      meter.started();
      progress.awaitRecords(assignment.warmUp());
      Meter.Moment first = meter.now();
      Meter.Moment last = progress.awaitLastResult(meter);
      meter.between(first, last, assignment.measured(), null).print();
    }
    System.exit(0);
  }

  private static Settings settings(Assignment assignment) {
    List<Setting<?>> known = new ArrayList<>(KafkaSettings.ALL);
    known.addAll(StreamsSettings.ALL);
    return Settings.load(
        null,
        Map.of(),
        Map.of(
            KafkaSettings.BOOTSTRAP_SERVERS.key(), assignment.bootstrapServers(),
            KafkaSettings.PARTITIONS.key(), Integer.toString(assignment.partitions()),
            StreamsSettings.STATE_DIR.key(), assignment.directory().toString(),
            StreamsSettings.THREADS.key(), Integer.toString(assignment.threads())),
        known);
  }
}
