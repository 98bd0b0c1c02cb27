// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.service.silence.SilenceReader;
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
   * What all notifiers need.
   *
   * @param client sends
   * @param links what messages link to
   * @param timeout for one request
   */
  public record Common(HttpClient client, Links links, Duration timeout, InstantSource clock) {

    private HttpSender sender() {
      return new HttpSender(client, timeout, clock);
    }
  }

  /** The notifier that a configuration describes. */
  public static Notifier notifier(String receiver, ReceiverConfig config, Common common) {
    return ReceiverConfig.notifier(receiver, config, common.links(), common.sender());
  }

  /**
   * Tells all of these of everything: what is in force without a rule file.
   *
   * @param slackWebhook secret; null for no Slack
   * @param pagerDutyUrl the endpoint
   * @param pagerDutyRoutingKey secret; null for no PagerDuty
   */
  public static NotificationPolicy policy(
      @Nullable URI slackWebhook,
      URI pagerDutyUrl,
      @Nullable String pagerDutyRoutingKey,
      Common common) {
    List<Target> targets = new ArrayList<>();
    if (slackWebhook != null) {
      targets.add(Target.of(notifier("slack", new SlackWebhookConfig(slackWebhook), common)));
    } else {
      logAbsent("slack", "alerting.slack.webhook_url");
    }
    if (pagerDutyRoutingKey != null) {
      targets.add(
          Target.of(
              notifier(
                  "pagerduty", new PagerDutyConfig(pagerDutyUrl, pagerDutyRoutingKey), common)));
    } else {
      logAbsent("pagerduty", "alerting.pagerduty.routing_key");
    }
    return NotificationPolicy.toAll(targets);
  }

  private static void logAbsent(String receiver, String key) {
    LOGGER
        .atInfo()
        .addKeyValue("receiver", receiver)
        .addKeyValue("setting", key)
        .log("Receiver is not configured; nothing is sent to it");
  }

  /**
   * The notifier's thread, not started.
   *
   * @param policies the policy in force; asked often
   * @param timeout for one request of a notifier
   */
  public static NotifierThread thread(
      String bootstrapServers,
      Supplier<NotificationPolicy> policies,
      Limits limits,
      Duration timeout,
      MeterRegistry meters,
      InstantSource clock,
      RandomGenerator random) {
    // Slack can take a search, a post and a reply for one notice.
    Duration patience = timeout.multipliedBy(4).plusSeconds(1);
    Supplier<NotifierSession> sessions =
        () ->
            new NotifierSession(
                new NotifierSession.Clients(
                    alertsConsumer(bootstrapServers),
                    new DeliveryLog(logConsumer(bootstrapServers)),
                    producer(bootstrapServers),
                    new SilenceReader(bootstrapServers)),
                new Dispatcher(policies.get(), limits, meters, clock, random),
                policies,
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
