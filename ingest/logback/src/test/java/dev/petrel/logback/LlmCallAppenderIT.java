// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import dev.petrel.test.servers.TestServers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.MDC;

@Timeout(180)
class LlmCallAppenderIT {
  private final String servers = TestServers.kafka().bootstrapServers();
  private final String topic = "llm-calls-" + UUID.randomUUID();

  @Test
  void append_bringsAStatementToKafka() throws Exception {
    createTopic();
    LoggerContext context = start();
    Logger log = context.getLogger("com.example.app.ChatService");
    MDC.put("tenant", "acme");
    try {
      log.atInfo()
          .addKeyValue("event", "llm_call")
          .addKeyValue("call_id", "c-1")
          .addKeyValue("provider", "openai")
          .addKeyValue("request_model", "gpt-4o")
          .addKeyValue("outcome", "success")
          .addKeyValue("input_tokens", 812)
          .addKeyValue("duration_ms", 1234.5)
          .log("chat done: {}", "the prompt");
      log.info("started");
      log.atWarn()
          .addKeyValue("event", "llm_call")
          .addKeyValue("outcome", "error")
          .addKeyValue("http_status", 429)
          .setCause(new IllegalStateException("the prompt"))
          .log("chat failed");
    } finally {
      MDC.remove("tenant");
    }
    context.stop();

    List<ConsumerRecord<byte[], byte[]>> arrived = read();
    assertThat(arrived).hasSize(2);
    assertThat(arrived)
        .allSatisfy(r -> assertThat(new String(r.value(), UTF_8)).doesNotContain("prompt"));
    assertThat(new String(arrived.get(0).key(), UTF_8)).isEqualTo("c-1");
    LlmCallEvent first = decode(arrived.get(0));
    assertThat(first.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(first.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(first.get(EventField.SERVICE)).isEqualTo("bot");
    assertThat(first.get(EventField.INPUT_TOKENS)).isEqualTo(812);
    LlmCallEvent second = decode(arrived.get(1));
    assertThat(second.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(second.get(EventField.HTTP_STATUS)).isEqualTo(429);
    assertThat(second.get(EventField.EXCEPTION_CLASS)).isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void stop_bringsTheLastStatementsOfAShortLivedApplicationToKafka() throws Exception {
    createTopic();
    LoggerContext context = start();
    Logger log = context.getLogger("com.example.app.Batch");
    for (int i = 0; i < 100; i++) {
      log.atInfo().addKeyValue("event", "llm_call").addKeyValue("outcome", "success").log("done");
    }
    context.stop();

    assertThat(read()).hasSize(100);
  }

  private LoggerContext start() throws Exception {
    LoggerContext context = Configured.newContext();
    Configured.configure(
        context,
        """
        <bootstrapServers>%s</bootstrapServers>
        <topic>%s</topic>
        <service>bot</service>
        <closeTimeout>20 seconds</closeTimeout>
        """
            .formatted(servers, topic));
    return context;
  }

  private void createTopic() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      List<ConsumerRecord<byte[], byte[]>> arrived = new ArrayList<>();
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(arrived::add);
      }
      return arrived;
    }
  }

  private static LlmCallEvent decode(ConsumerRecord<byte[], byte[]> arrived) throws Exception {
    return new LlmCallEventCodec(InstantSource.system()).decode(arrived.value());
  }
}
