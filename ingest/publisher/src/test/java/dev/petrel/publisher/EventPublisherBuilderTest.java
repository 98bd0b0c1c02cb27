// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPublisherBuilderTest {

  @Test
  void build_needsBootstrapServers() {
    assertThatIllegalStateException()
        .isThrownBy(() -> EventPublisher.newBuilder().build())
        .withMessage("bootstrapServers is not set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "kafka", "kafka:", ":9092", "kafka:9092,", "kafka:http"})
  void bootstrapServers_refusesWhatIsNoAddress(String servers) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventPublisher.newBuilder().bootstrapServers(servers))
        .withMessageContaining("bootstrapServers must be host:port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kafka:9092", "a:1,b:2", "a.b.example:9092 , 10.0.0.1:9093", "[::1]:9092"})
  void bootstrapServers_takesAddresses(String servers) {
    assertThat(EventPublisher.newBuilder().bootstrapServers(servers)).isNotNull();
  }

  @Test
  void setters_refuseWhatIsOutOfBounds() {
    EventPublisher.Builder builder = EventPublisher.newBuilder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.queueMaxEvents(0))
        .withMessage("queueMaxEvents must be between 1 and 10000000, was '0'");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.queueMaxBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.topic("llm calls"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.clientId(" "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.closeTimeout(Duration.ofMillis(-1)));
    assertThatNullPointerException().isThrownBy(() -> builder.topic(null)).withMessage("topic");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "llm/calls"})
  void topic_refusesWhatKafkaRefuses(String topic) {
    assertThatIllegalArgumentException().isThrownBy(() -> EventPublisher.newBuilder().topic(topic));
  }

  @Test
  void spool_refusesWhatCannotWork() {
    EventPublisher.Builder builder = EventPublisher.newBuilder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.spoolMaxBytes(1_048_575))
        .withMessage("spoolMaxBytes must be at least 1048576, was '1048575'");
    assertThatNullPointerException()
        .isThrownBy(() -> builder.spoolDirectory(null))
        .withMessage("spoolDirectory");
  }

  @Test
  void producerProperty_refusesWhatThePublisherSets() {
    for (String name :
        new String[] {
          "acks",
          "max.block.ms",
          "bootstrap.servers",
          "client.id",
          "max.in.flight.requests.per.connection"
        }) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> EventPublisher.newBuilder().producerProperty(name, "1"))
          .withMessageContaining(name);
    }
  }

  @Test
  void producerProperty_refusesWhatKafkaRefuses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventPublisher.newBuilder().producerProperty("linger.ms", "soon"))
        .withMessageContaining("linger.ms");
  }

  @Test
  void build_passesPropertiesOn_andKeepsToItsContract() {
    AtomicReference<Map<String, Object>> config = new AtomicReference<>();
    try (EventPublisher publisher =
        EventPublisher.newBuilder()
            .bootstrapServers("kafka:9092")
            .clientId("app")
            .producerProperty("security.protocol", "SASL_SSL")
            .producerProperty("sasl.jaas.config", "a secret")
            .producerProperty("my.plugin.setting", "x")
            .producerProperty("compression.type", "zstd")
            .producerFactory(
                given -> {
                  config.set(given);
                  return new FakeKafkaProducer();
                })
            .build()) {
      publisher.publish(Events.success("e-1"));
      assertThat(publisher.flush(Duration.ofSeconds(20))).isTrue();
      assertThat(publisher).asString().doesNotContain("secret");
    }

    assertThat(config.get())
        .containsEntry("bootstrap.servers", "kafka:9092")
        .containsEntry("client.id", "app")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("my.plugin.setting", "x")
        .containsEntry("compression.type", "zstd")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("enable.metrics.push", false)
        .containsEntry("linger.ms", 20)
        .containsEntry("batch.size", 65_536)
        .containsEntry("max.in.flight.requests.per.connection", 1)
        .containsEntry("max.block.ms", 1_000L);
    // Kafka itself finds no contradiction.
    config.get().remove("my.plugin.setting");
    config.get().put("key.serializer", ByteArraySerializer.class);
    config.get().put("value.serializer", ByteArraySerializer.class);
    assertThat(new ProducerConfig(config.get()).getLong("max.block.ms")).isEqualTo(1_000);
  }
}
