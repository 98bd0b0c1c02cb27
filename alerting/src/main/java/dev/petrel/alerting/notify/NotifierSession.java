// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.service.Topic;
import dev.petrel.service.silence.SilenceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the notifier's consumer: reads alerts, writes the delivery log, starts the sends.
 *
 * <p>The order of each round is: intents written and acknowledged, then the alerts' offsets
 * committed, then the HTTP calls; outcomes follow in a later round. What was begun and has no
 * outcome is begun again by whoever has the partition next. A partition is silent until its log is
 * restored and its backlog is read, so that only what is so now is told. Not thread-safe.
 */
final class NotifierSession implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(NotifierSession.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SILENCES_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration EXPIRY_INTERVAL = Duration.ofHours(1);

  private final Consumer<String, byte[]> alerts;
  private final DeliveryLog log;
  private final Producer<String, byte[]> producer;
  private final Dispatcher dispatcher;
  private final SilenceReader silences;
  private final Supplier<NotificationPolicy> policies;
  private final Duration patience;
  private @Nullable NotificationPolicy policy;
  private final Map<Integer, Long> backlogEnds = new HashMap<>();
  private long nextExpiry;

  /**
   * @param clients what it reads and writes with; closed with it
   * @param policies the policy in force
   * @param patience how long to wait for attempts under way before giving a partition away
   */
  NotifierSession(
      Clients clients,
      Dispatcher dispatcher,
      Supplier<NotificationPolicy> policies,
      Duration patience) {
    this.alerts = clients.alerts();
    this.log = clients.log();
    this.producer = clients.producer();
    this.silences = clients.silences();
    this.dispatcher = dispatcher;
    this.policies = policies;
    this.patience = patience;
  }

  /** What a session reads and writes with. */
  record Clients(
      Consumer<String, byte[]> alerts,
      DeliveryLog log,
      Producer<String, byte[]> producer,
      SilenceReader silences) {}

  /**
   * Runs until it is told to stop.
   *
   * @param alive called after each round
   * @param stopped asked before each round
   */
  void run(Runnable alive, BooleanSupplier stopped) {
    dispatcher.silence(silences.readToEnd(SILENCES_TIMEOUT));
    alerts.subscribe(List.of(Topic.ALERTS.topicName()), new Rebalance());
    while (!stopped.getAsBoolean()) {
      followRules();
      boolean read = poll();
      openWhatIsCaughtUp();
      Dispatcher.Step step = dispatcher.step();
      write(step.writes());
      if (read) {
        commit();
      }
      step.starts().forEach(dispatcher::start);
      expire();
      alive.run();
    }
    awaitOutcomes();
  }

  private void followRules() {
    NotificationPolicy current = policies.get();
    if (!Objects.equals(current, policy)) {
      policy = current;
      dispatcher.use(current);
    }
    if (silences.follow()) {
      dispatcher.silence(silences.silences());
    }
  }

  private boolean poll() {
    boolean read = false;
    for (ConsumerRecord<String, byte[]> record : alerts.poll(POLL)) {
      read = true;
      if (record.value() != null) {
        accept(record);
      }
    }
    return read;
  }

  private void accept(ConsumerRecord<String, byte[]> record) {
    try {
      dispatcher.accept(record.partition(), Json.read(record.value(), Alert.class));
    } catch (IllegalArgumentException e) {
      LOGGER
          .atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("Skipping a record that is no alert");
    }
  }

  private void openWhatIsCaughtUp() {
    backlogEnds
        .entrySet()
        .removeIf(
            entry -> {
              boolean caughtUp = alerts.position(partition(entry.getKey())) >= entry.getValue();
              if (caughtUp) {
                dispatcher.open(entry.getKey());
              }
              return caughtUp;
            });
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition(Topic.ALERTS.topicName(), number);
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : alerts.assignment()) {
      if (dispatcher.isOpen(partition.partition())) {
        offsets.put(partition, new OffsetAndMetadata(alerts.position(partition)));
      }
    }
    if (!offsets.isEmpty()) {
      alerts.commitSync(offsets);
    }
  }

  private void expire() {
    long now = System.nanoTime();
    if (nextExpiry == 0 || now - nextExpiry > 0) {
      nextExpiry = now + EXPIRY_INTERVAL.toNanos();
      write(dispatcher.expire().writes());
      expireSilences();
    }
  }

  /** Each notifier does so; a second deletion changes nothing. */
  private void expireSilences() {
    for (String id : dispatcher.expiredSilences()) {
      var unused = producer.send(new ProducerRecord<>(Topic.SILENCES.topicName(), id, null));
    }
  }

  private void write(List<Dispatcher.Write> writes) {
    List<Future<RecordMetadata>> acknowledged = new ArrayList<>(writes.size());
    for (Dispatcher.Write write : writes) {
      byte[] value = write.delivery() == null ? null : DeliveryCodec.bytes(write.delivery());
      acknowledged.add(
          producer.send(
              new ProducerRecord<>(
                  Topic.NOTIFICATIONS.topicName(), write.partition(), write.incidentId(), value)));
    }
    try {
      for (Future<RecordMetadata> each : acknowledged) {
        each.get();
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new KafkaException("the delivery log cannot be written", e.getCause());
    }
  }

  /** Notes the outcomes of attempts under way. */
  private void awaitOutcomes() {
    long end = System.nanoTime() + patience.toNanos();
    write(dispatcher.finish().writes());
    while (dispatcher.isBusy() && System.nanoTime() - end < 0) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
      write(dispatcher.finish().writes());
    }
  }

  @Override
  public void close() {
    try {
      alerts.close();
    } finally {
      try {
        producer.close(Duration.ofSeconds(5));
      } finally {
        try {
          log.close();
        } finally {
          silences.close();
        }
      }
    }
  }

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      Set<Integer> numbers =
          partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
      alerts
          .endOffsets(partitions)
          .forEach((partition, end) -> backlogEnds.put(partition.partition(), end));
      log.restore(numbers, dispatcher);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      awaitOutcomes();
      onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        backlogEnds.remove(partition.partition());
        dispatcher.drop(partition.partition());
      }
    }
  }
}
