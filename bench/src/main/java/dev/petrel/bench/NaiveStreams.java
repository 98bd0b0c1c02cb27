// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/** Contender (c): {@link NaiveTopology} with Kafka Streams' defaults, exactly once. */
final class NaiveStreams {

  /** Its consumer group. */
  static final String APPLICATION = "bench-naive";

  private NaiveStreams() {}

  public static void main(String[] arguments) throws InterruptedException {
    ParentWatch.start();
    Assignment assignment = Assignment.of(arguments);
    Meter meter = new Meter(assignment.brokerPid());
    try (KafkaStreams streams =
            new KafkaStreams(NaiveTopology.of(assignment.topic()), config(assignment));
        StreamsProgress progress =
            new StreamsProgress(
                assignment.bootstrapServers(),
                APPLICATION,
                assignment.topic(),
                NaiveTopology.resultTopics())) {
      streams.start();
      progress.awaitRecords(1);
      meter.started();
      progress.awaitRecords(assignment.warmUp());
      Meter.Moment first = meter.now();
      Meter.Moment last = progress.awaitLastResult(meter);
      meter.between(first, last, assignment.measured(), null).print();
    }
    System.exit(0);
  }

  private static Properties config(Assignment assignment) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, assignment.bootstrapServers());
    config.put(StreamsConfig.STATE_DIR_CONFIG, assignment.directory().toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, assignment.threads());
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return config;
  }
}
