// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EmbeddedKafkaIT {
  private static final String TOPIC = "calls";

  @TempDir Path data;

  @Test
  void start_goesOnWhereItWasStopped() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.options(data))) {
      createTopic(kafka);
      send(kafka, "before");
      kafka.stop();
      assertThat(kafka.isAlive()).isFalse();
      assertThat(kafka.onExit()).succeedsWithin(Duration.ofSeconds(1)).isEqualTo(143);
    }

    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.options(data))) {
      send(kafka, "after");
      assertThat(read(kafka, 2)).containsExactly("before", "after");
    }
  }

  @Test
  void start_goesOnWhereItWasKilled() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.options(data))) {
      createTopic(kafka);
      send(kafka, "before");
      kafka.kill();
      assertThat(kafka.isAlive()).isFalse();
    }

    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.options(data))) {
      send(kafka, "after");
      assertThat(read(kafka, 2)).containsExactly("before", "after");
    }
  }

  @Test
  void start_takesTransactionsAndLargeRecords() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.options(data))) {
      createTopic(kafka);
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of(
                  "bootstrap.servers",
                  kafka.bootstrapServers(),
                  "transactional.id",
                  "test",
                  "max.request.size",
                  8 << 20),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, new byte[7 << 20]));
        producer.commitTransaction();
      }
      assertThat(readBytes(kafka, 1)).singleElement().matches(value -> value.length == 7 << 20);
    }
  }

  @Test
  void start_namesPortAndOwnerWhenPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerOptions options = EmbeddedKafka.options(data).withPort(taken.getLocalPort());

      assertThatThrownBy(() -> EmbeddedKafka.start(options))
          .isInstanceOf(ServerStartException.class)
          .hasMessageContaining("Port " + taken.getLocalPort())
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--kafka 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void start_namesHolderWhenDirectoryIsInUse() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.options(data))) {
      assertThatThrownBy(() -> EmbeddedKafka.start(EmbeddedKafka.options(data)))
          .isInstanceOf(ServerStartException.class)
          .hasMessageContaining("already running as pid " + ProcessHandle.current().pid())
          .hasMessageContaining("--data-dir");
      assertThat(kafka.isAlive()).isTrue();
    }
  }

  @Test
  void start_showsEndOfLogWhenChildDies() throws IOException {
    // A file where the broker wants a directory.
    Files.writeString(data.resolve("data"), "");

    assertThatThrownBy(() -> EmbeddedKafka.start(EmbeddedKafka.options(data)))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("kafka ended during its start with exit code")
        .hasMessageContaining(data.resolve("data").toString());
    assertThat(data.resolve("logs").resolve("kafka.log")).isNotEmptyFile();
  }

  @Test
  void start_killsChildThatDoesNotAnswerInTime() {
    ServerOptions options = EmbeddedKafka.options(data).withStartTimeout(Duration.ofMillis(1));

    assertThatThrownBy(() -> EmbeddedKafka.start(options))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("kafka did not answer");
    try (DataDirectory directory = DataDirectory.open(data)) {
      assertThat(directory.path()).isDirectory();
    }
  }

  @Test
  void child_endsWhenParentIsKilled() throws Exception {
    Parent parent = Parent.start("kafka", data);
    ProcessHandle child = parent.child();
    assertThat(child.isAlive()).isTrue();

    parent.kill();

    assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(12));
  }

  @Test
  void start_takesOverWhatKilledParentLeft() throws Exception {
    Parent parent = Parent.start("kafka", data);
    parent.kill();

    // At once: the child of the killed parent may still be ending.
    try (EmbeddedKafka kafka =
        EmbeddedKafka.start(EmbeddedKafka.options(data).withPort(parent.port()))) {
      assertThat(kafka.isAlive()).isTrue();
    }
  }

  private static void createTopic(EmbeddedKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
  }

  private static void send(EmbeddedKafka kafka, String value) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, value)).get();
    }
  }

  private static List<String> read(EmbeddedKafka kafka, int count) {
    return readBytes(kafka, count).stream()
        .map(value -> new String(value, StandardCharsets.UTF_8))
        .toList();
  }

  private static List<byte[]> readBytes(EmbeddedKafka kafka, int count) {
    List<byte[]> values = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
      // Without an end of its own: the test's timeout is it.
      while (values.size() < count) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }
}
