// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the notifier together. */
public final class Notifiers {

  private static final Logger LOGGER = LoggerFactory.getLogger(Notifiers.class);
  private static final String GROUP = "petrel-notifier";

  private Notifiers() {}

  /**
   * Where notifications go and how long they may take.
   *
   * @param slackWebhook secret; null for no Slack
   * @param pagerDutyUrl the endpoint
   * @param pagerDutyRoutingKey secret; null for no PagerDuty
   * @param links what messages link to
   * @param timeout for one request
   * @param deadline for all attempts of one notification
   */
  public record Receivers(
      @Nullable URI slackWebhook,
      URI pagerDutyUrl,
      @Nullable String pagerDutyRoutingKey,
      Links links,
      Duration timeout,
      Duration deadline) {

    /** Without secrets. */
    @Override
    public String toString() {
      return "Receivers{slack=%s, pagerduty=%s}"
          .formatted(slackWebhook != null, pagerDutyRoutingKey != null);
    }

    List<Notifier> notifiers(HttpClient client, InstantSource clock) {
      HttpSender sender = new HttpSender(client, timeout, clock);
      List<Notifier> list = new ArrayList<>();
      if (slackWebhook != null) {
        list.add(
            ReceiverConfig.notifier("slack", new SlackWebhookConfig(slackWebhook), links, sender));
      } else {
        logAbsent("slack", "alerting.slack.webhook_url");
      }
      if (pagerDutyRoutingKey != null) {
        list.add(
            ReceiverConfig.notifier(
                "pagerduty",
                new PagerDutyConfig(pagerDutyUrl, pagerDutyRoutingKey),
                links,
                sender));
      } else {
        logAbsent("pagerduty", "alerting.pagerduty.routing_key");
      }
      return list;
    }

    private static void logAbsent(String receiver, String key) {
      LOGGER
          .atInfo()
          .addKeyValue("receiver", receiver)
          .addKeyValue("setting", key)
          .log("Receiver is not configured; nothing is sent to it");
    }
  }

  /** The notifier's thread, not started. */
  public static NotifierThread thread(
      String bootstrapServers,
      Receivers receivers,
      HttpClient client,
      MeterRegistry meters,
      InstantSource clock,
      RandomGenerator random) {
    List<Notifier> notifiers = receivers.notifiers(client, clock);
    Duration patience = receivers.timeout().multipliedBy(3).dividedBy(2).plusSeconds(1);
    Supplier<NotifierSession> sessions =
        () ->
            new NotifierSession(
                alertsConsumer(bootstrapServers),
                new DeliveryLog(logConsumer(bootstrapServers)),
                producer(bootstrapServers),
                new Dispatcher(notifiers, receivers.deadline(), meters, clock, random),
                patience);
    return new NotifierThread(sessions, clock, patience.plusSeconds(10));
  }

  private static KafkaConsumer<String, byte[]> alertsConsumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.GROUP_ID_CONFIG,
            GROUP,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            // A crashed instance must not keep its partitions for the default of 45 s.
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            10_000),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private static KafkaConsumer<String, byte[]> logConsumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private static KafkaProducer<String, byte[]> producer(String bootstrapServers) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.LINGER_MS_CONFIG,
            0),
        new StringSerializer(),
        new ByteArraySerializer());
  }
}
