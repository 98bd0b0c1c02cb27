// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.dashboards.index.IndexTemplates;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.launcher.Findings.Finding;
import dev.petrel.launcher.Findings.Verdict;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Settings;
import dev.petrel.service.Topic;
import dev.petrel.service.Topics;
import dev.petrel.stats.Accounts;
import dev.petrel.test.servers.PrivateKafka;
import dev.petrel.test.servers.PrivateOpenSearch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conservation as {@code petrel doctor} finds it: with no service of Petrel running. */
@Timeout(300)
class DoctorIT {

  @Test
  void doctor_findsWhatIsNotConserved() throws Exception {
    try (PrivateKafka kafka = PrivateKafka.start();
        PrivateOpenSearch server = PrivateOpenSearch.start();
        OpenSearch openSearch = new OpenSearch(URI.create(server.url()), null, null);
        Admin admin = KafkaCheck.admin(kafka.bootstrapServers());
        KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      Topics.createMissing(
          Settings.load(
              null,
              Map.of(),
              Map.of("kafka.bootstrap_servers", kafka.bootstrapServers(), "kafka.partitions", "2"),
              KafkaSettings.ALL));
      IndexTemplates.put(openSearch);
      String brokers = kafka.bootstrapServers();

      // An installation that nobody has used is fine.
      assertThat(findings(brokers, admin, openSearch))
          .extracting(Finding::verdict)
          .containsOnly(Verdict.OK);

      // Ten calls, the last offset being the end of their transaction.
      producer.beginTransaction();
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>(Topic.CALLS.topicName(), 0, new byte[0], new byte[1]));
      }
      send(producer, "calls-0", new Accounts(0, 0, 10, 10, 9, 1, 0, 0, 0));
      send(producer, "scopes-1", new Accounts(1, -1, -1, 0, 0, 0, 0, 0, 9));
      producer.commitTransaction();
      commit(admin, 0, 11);
      document(openSearch, "all", 9);
      document(openSearch, "tenant", 9);
      assertThat(findings(brokers, admin, openSearch))
          .extracting(Finding::verdict)
          .containsOnly(Verdict.OK);

      // Offsets moved back: the calls would be counted again.
      commit(admin, 0, 8);
      assertThat(findings(brokers, admin, openSearch))
          .anySatisfy(finding -> assertFails(finding, "accounts end at 10, but offset 8"));
      commit(admin, 0, 11);

      // Offsets moved past calls that no account has.
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(Topic.CALLS.topicName(), 1, new byte[0], new byte[1]));
      producer.commitTransaction();
      commit(admin, 1, 2);
      assertThat(findings(brokers, admin, openSearch))
          .anySatisfy(finding -> assertFails(finding, "partition 1: offset 2 is committed"));

      // All is read and counted, and two attempts have not arrived.
      producer.beginTransaction();
      send(producer, "calls-1", new Accounts(1, 0, 1, 1, 1, 0, 0, 0, 0));
      send(producer, "calls-0", new Accounts(0, 0, 10, 10, 10, 0, 0, 0, 0));
      producer.commitTransaction();
      assertThat(findings(brokers, admin, openSearch))
          .anySatisfy(
              finding -> {
                assertThat(finding.verdict()).isEqualTo(Verdict.WARNS);
                assertThat(finding.text()).contains("2 attempts are on their way");
              })
          .extracting(Finding::verdict)
          .doesNotContain(Verdict.FAILS);

      // Documents are gone, and the command says so.
      openSearch.call("DELETE", "/llm-call-stats-2026.06.01", Map.of(), null);
      assertThat(doctor(brokers, server.url()))
          .contains("OpenSearch holds 0 attempts, published are 9", "fine if old indices");
    }
  }

  private static void assertFails(Finding finding, String text) {
    assertThat(finding.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(finding.text()).contains(text);
  }

  private static List<Finding> findings(String brokers, Admin admin, OpenSearch openSearch)
      throws Exception {
    Findings findings = new Findings();
    try (ConservationCheck check = new ConservationCheck(brokers, admin, findings)) {
      check.accounts();
      check.documents(openSearch);
    }
    return findings.all();
  }

  private static String doctor(String brokers, String openSearch) throws Exception {
    int noConsole;
    try (ServerSocket socket = new ServerSocket(0)) {
      noConsole = socket.getLocalPort();
    }
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    Petrel.run(
        new String[] {
          "doctor",
          "--kafka",
          brokers,
          "--opensearch",
          openSearch,
          "--set",
          "console.port=" + noConsole
        },
        writer,
        writer);
    return out.toString();
  }

  private static void commit(Admin admin, int partition, long offset) throws Exception {
    admin
        .alterConsumerGroupOffsets(
            "petrel-streams",
            Map.of(
                new TopicPartition(Topic.CALLS.topicName(), partition),
                new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private static void document(OpenSearch openSearch, String kind, long attempts) {
    openSearch.call(
        "PUT",
        "/llm-call-stats-2026.06.01/_doc/" + kind,
        Map.of(),
        Map.of("scope_kind", kind, "attempts", attempts));
  }

  private static KafkaProducer<byte[], byte[]> producer(PrivateKafka kafka) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "doctor-it"),
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
