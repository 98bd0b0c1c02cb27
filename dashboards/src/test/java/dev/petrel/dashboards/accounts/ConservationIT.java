// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.dashboards.RunningDashboards;
import dev.petrel.service.Topic;
import dev.petrel.stats.Accounts;
import dev.petrel.test.servers.TestServers;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ConservationIT {

  @Test
  void api_answersWithAllThatIsCommittedAndNothingElse() throws Exception {
    try (RunningDashboards dashboards =
            new RunningDashboards(TestServers.kafka(), TestServers.openSearch());
        KafkaProducer<byte[], byte[]> producer = transactionalProducer()) {
      assertThat(dashboards.json("/api/conservation").path("accepted").asLong(-1)).isZero();

      producer.beginTransaction();
      send(producer, "calls-0", new Accounts(0, 0, 7, 7, 5, 1, 1, 0, 0));
      send(producer, "calls-1", new Accounts(1, 0, 3, 3, 3, 0, 0, 0, 0));
      send(producer, "scopes-0", new Accounts(0, -1, -1, 0, 0, 0, 0, 0, 2));
      send(producer, "scopes-1", new Accounts(1, -1, -1, 0, 0, 0, 0, 0, 4));
      producer.commitTransaction();
      JsonNode first = dashboards.json("/api/conservation");
      assertThat(first.path("accepted").asLong()).isEqualTo(10);
      assertThat(first.path("in_flight").asLong()).isEqualTo(2);
      assertThat(first.path("difference").asLong()).isZero();

      // What cannot be read does not hide the rest.
      dashboards.send(Topic.ACCOUNTS, "calls-0", "no JSON".getBytes(UTF_8));
      producer.beginTransaction();
      send(producer, "scopes-1", new Accounts(1, -1, -1, 0, 0, 0, 0, 0, 6));
      producer.commitTransaction();
      JsonNode second = dashboards.json("/api/conservation");
      assertThat(second.path("merged").asLong()).isEqualTo(8);
      assertThat(second.path("in_flight").asLong()).isZero();
      assertThat(second.path("partitions")).hasSize(4);

      producer.beginTransaction();
      send(producer, "calls-0", new Accounts(0, 0, 9, 9, 9, 0, 0, 0, 0));
      producer.flush();
      producer.abortTransaction();
      assertThat(dashboards.json("/api/conservation")).isEqualTo(second);
      assertThat(dashboards.get("/api/conservation?since=1").statusCode()).isEqualTo(400);
    }
  }

  private static KafkaProducer<byte[], byte[]> transactionalProducer() {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                TestServers.kafka().bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "conservation-it"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String key, Accounts accounts) {
    producer.send(
        new ProducerRecord<>(Topic.ACCOUNTS.topicName(), key.getBytes(UTF_8), accounts.encode()));
  }
}
