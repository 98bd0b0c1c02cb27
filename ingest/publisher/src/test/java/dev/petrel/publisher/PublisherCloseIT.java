// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.test.servers.TestKafka;
import dev.petrel.test.servers.TestServers;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The end of a publisher whose real producer waits for a broker. */
@Timeout(120)
class PublisherCloseIT {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Logger logger = (Logger) LoggerFactory.getLogger(EventPublisher.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final LateServer server = new LateServer();

  @TempDir Path spool;

  PublisherCloseIT() throws IOException {}

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() throws IOException {
    logger.detachAppender(log);
    server.close();
  }

  private static EventPublisher.Builder newBuilder(String address) {
    return EventPublisher.newBuilder().bootstrapServers(address);
  }

  private static void publishThree(EventPublisher publisher) {
    publisher.publish(success("e-0"));
    publisher.publish(error("e-1"));
    publisher.publish(error("e-2"));
  }

  private void assertThreeDropped(EventPublisher publisher) {
    PublisherFixture.assertCounters(publisher, 3, 0, 0, 0, 0, Map.of(DropReason.CLOSED, 3L));
    assertThat(publisher.counters().droppedByOutcome())
        .containsEntry(Outcome.SUCCESS, 1L)
        .containsEntry(Outcome.ERROR, 2L);
    assertThat(warnings()).hasSize(1);
    assertThat(warnings().get(0))
        .contains("3 call events were dropped", "SUCCESS=1", "ERROR=2", "CLOSED=3");
  }

  private List<String> warnings() {
    return List.copyOf(log.list).stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void close_countsAndTellsAll_whenTheBrokerIsSilent() {
    assertAllIsCountedAndTold(server.address());
  }

  @Test
  void close_countsAndTellsAll_whenNobodyListens() throws Exception {
    String nobody;
    try (ServerSocket port = new ServerSocket(0)) {
      nobody = "127.0.0.1:" + port.getLocalPort();
    }
    assertAllIsCountedAndTold(nobody);
  }

  private void assertAllIsCountedAndTold(String address) {
    EventPublisher publisher = newBuilder(address).closeTimeout(Duration.ofMillis(200)).build();
    publishThree(publisher);
    publisher.close();
    assertThreeDropped(publisher);

    await().atMost(LONG).until(publisher::isEnded);
    assertThreeDropped(publisher);
  }

  @Test
  void close_sendsAll_whenTheBrokerComesInTime() throws Exception {
    TestKafka kafka = TestServers.kafka();
    KafkaTopic topic = new KafkaTopic(kafka, "llm-calls-" + UUID.randomUUID());
    topic.create(1);
    EventPublisher publisher =
        newBuilder(server.address()).topic(topic.name()).closeTimeout(LONG).build();
    publishThree(publisher);
    Thread closing = new Thread(publisher::close);
    closing.start();
    server.become(kafka.bootstrapServers());
    closing.join();

    PublisherFixture.assertCounters(publisher, 3, 0, 3, 0, 0, Map.of());
    assertThat(topic.read()).hasSize(3);
    topic.delete();
  }

  @Test
  void close_keepsItsCount_whenTheBrokerComesAfterIt() throws Exception {
    TestKafka kafka = TestServers.kafka();
    KafkaTopic topic = new KafkaTopic(kafka, "llm-calls-" + UUID.randomUUID());
    topic.create(1);
    EventPublisher publisher =
        newBuilder(server.address())
            .topic(topic.name())
            .closeTimeout(Duration.ofMillis(200))
            .build();
    publishThree(publisher);
    publisher.close();
    assertThreeDropped(publisher);

    server.become(kafka.bootstrapServers());
    await().atMost(LONG).until(publisher::isEnded);
    assertThreeDropped(publisher);
    topic.delete();
  }

  @Test
  void close_spoolsAll_whenTheBrokerIsSilent_andTheNextProcessSendsIt() throws Exception {
    TestKafka kafka = TestServers.kafka();
    KafkaTopic topic = new KafkaTopic(kafka, "llm-calls-" + UUID.randomUUID());
    topic.create(1);
    EventPublisher first =
        newBuilder(server.address()).topic(topic.name()).spoolDirectory(spool).build();
    publishThree(first);
    first.close();
    PublisherFixture.assertCounters(first, 3, 0, 0, 0, 3, Map.of());
    assertThat(warnings()).isEmpty();

    await().atMost(LONG).until(first::isEnded);
    server.become(kafka.bootstrapServers());
    try (EventPublisher next =
        newBuilder(server.address()).topic(topic.name()).spoolDirectory(spool).build()) {
      await().atMost(LONG).until(() -> next.counters().sent() == 3);
      PublisherFixture.assertCounters(next, 0, 3, 3, 0, 0, Map.of());
    }
    assertThat(topic.read().stream().map(LlmCallEvent::eventId))
        .containsExactlyInAnyOrder("e-0", "e-1", "e-2");
    topic.delete();
  }
}
