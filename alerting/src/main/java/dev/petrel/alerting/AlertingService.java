// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.notify.Limits;
import dev.petrel.alerting.notify.Links;
import dev.petrel.alerting.notify.NotificationPolicy;
import dev.petrel.alerting.notify.NotifierThread;
import dev.petrel.alerting.notify.Notifiers;
import dev.petrel.alerting.rules.AlertRulesReader;
import dev.petrel.alerting.rules.Integrations;
import dev.petrel.alerting.rules.RuleFileWatcher;
import dev.petrel.alerting.topology.AlertingTopology;
import dev.petrel.service.Health;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Service;
import dev.petrel.service.Settings;
import dev.petrel.service.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alerting service: finds patterns of failure in the aggregates of calls, keeps their episodes,
 * and tells Slack and PagerDuty.
 *
 * <p>Detection is a Kafka Streams topology with exactly-once processing: an episode fires once,
 * whatever crashes when. Notification is a consumer of its alerts that notes each intent before and
 * each outcome after a call.
 */
public final class AlertingService implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(AlertingService.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration HEALTH_TIMEOUT = Duration.ofMillis(900);

  private final Settings settings;
  private final HttpClient client;
  private final Topology topology;
  private final @Nullable RuleFileWatcher ruleFile;
  private final NotifierThread notifier;
  private final Object lock = new Object();
  private @Nullable KafkaStreams streams;
  private @Nullable Admin admin;

  /** Reads its settings; {@link AlertingSettings} and {@link KafkaSettings} must be known. */
  public AlertingService(Settings settings, MeterRegistry meters) {
    this(settings, Rule.defaults(), meters);
  }

  /** With rules of its own. */
  AlertingService(Settings settings, List<Rule> rules, MeterRegistry meters) {
    this(
        settings,
        rules,
        meters,
        InstantSource.system(),
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build());
  }

  private AlertingService(
      Settings settings,
      List<Rule> rules,
      MeterRegistry meters,
      InstantSource clock,
      HttpClient client) {
    this.settings = requireNonNull(settings, "settings");
    this.client = requireNonNull(client, "client");
    Notifiers.Common common =
        new Notifiers.Common(
            client,
            new Links(settings.get(AlertingSettings.CONSOLE_URL)),
            settings.get(AlertingSettings.NOTIFICATION_TIMEOUT),
            clock);
    Path file = settings.find(AlertingSettings.RULES_FILE);
    RuleFileWatcher watched = file == null ? null : watcher(file, common, meters);
    ruleFile = watched;
    topology =
        new AlertingTopology(
                watched == null ? () -> rules : () -> watched.current().rules(),
                settings.get(AlertingSettings.RUNBOOK_BASE_URL).toString(),
                meters)
            .get();
    notifier =
        Notifiers.thread(
            settings.get(KafkaSettings.BOOTSTRAP_SERVERS),
            policies(ruleFile, settings, common),
            new Limits(
                settings.get(AlertingSettings.NOTIFICATION_DEADLINE),
                settings.get(AlertingSettings.NOTIFICATION_STORM_CAP),
                settings.get(AlertingSettings.NOTIFICATION_FLAP_LIMIT)),
            settings.get(AlertingSettings.NOTIFICATION_TIMEOUT),
            meters,
            clock,
            new Random());
  }

  private static RuleFileWatcher watcher(Path file, Notifiers.Common common, MeterRegistry meters) {
    AlertRulesReader reader = new AlertRulesReader(Integrations.all(common), System.getenv());
    return new RuleFileWatcher(file, reader::read, meters);
  }

  private static Supplier<NotificationPolicy> policies(
      @Nullable RuleFileWatcher ruleFile, Settings settings, Notifiers.Common common) {
    NotificationPolicy policy =
        Notifiers.policy(
            settings.find(AlertingSettings.SLACK_WEBHOOK_URL),
            settings.get(AlertingSettings.PAGERDUTY_URL),
            settings.find(AlertingSettings.PAGERDUTY_ROUTING_KEY),
            common);
    return () -> {
      NotificationPolicy own = ruleFile == null ? null : ruleFile.current().policy();
      return own == null ? policy : own;
    };
  }

  @Override
  public String name() {
    return "alerting";
  }

  @Override
  public void start() {
    Topics.createMissing(settings);
    LOGGER.atDebug().addKeyValue("topology", topology.describe()).log("Starting the topology");
    KafkaStreams started = new KafkaStreams(topology, streamsConfig());
    started.setUncaughtExceptionHandler(
        failure -> {
          LOGGER.atError().setCause(failure).log("Alerting failed; its thread is replaced");
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    synchronized (lock) {
      streams = started;
      admin =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  settings.get(KafkaSettings.BOOTSTRAP_SERVERS)));
    }
    started.start();
    if (ruleFile != null) {
      ruleFile.start();
    }
    notifier.start();
    awaitRunning(started);
  }

  /** A cluster that is slow to hand out partitions is waited for, but not forever. */
  private static void awaitRunning(KafkaStreams streams) {
    long end = System.nanoTime() + START_TIMEOUT.toNanos();
    try {
      while (streams.state() != KafkaStreams.State.RUNNING && System.nanoTime() - end < 0) {
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Properties streamsConfig() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "petrel-alerting");
    config.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(KafkaSettings.BOOTSTRAP_SERVERS));
    config.put(
        StreamsConfig.STATE_DIR_CONFIG,
        settings.get(AlertingSettings.STATE_DIR).toAbsolutePath().toString());
    config.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.get(KafkaSettings.REPLICATION_FACTOR));
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put("processing.exception.handler.global.enabled", true); // unset, it warns
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    // A page waits for the commit; the default of 100 ms is many small transactions.
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
    // A crashed instance must not keep its partitions for the default of 45 s.
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    return config;
  }

  @Override
  public Health health() {
    KafkaStreams running;
    Admin client;
    synchronized (lock) {
      running = streams;
      client = admin;
    }
    if (running == null || client == null) {
      return Health.failing(name(), "not started");
    }
    String problem = brokerProblem(client);
    if (problem != null) {
      return Health.failing(name(), problem);
    }
    if (running.state() != KafkaStreams.State.RUNNING) {
      return Health.failing(name(), "detection is in state " + running.state());
    }
    return Stream.of(notifier.health(), ruleFile == null ? Health.ok(name()) : ruleFile.health())
        .filter(part -> !part.isOk())
        .map(part -> Health.failing(name(), part.part() + ": " + part.problem()))
        .findFirst()
        .orElse(Health.ok(name()));
  }

  private @Nullable String brokerProblem(Admin client) {
    try {
      client
          .describeCluster(new DescribeClusterOptions().timeoutMs((int) HEALTH_TIMEOUT.toMillis()))
          .clusterId()
          .get(HEALTH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (ExecutionException | TimeoutException e) {
      return "Kafka at " + settings.get(KafkaSettings.BOOTSTRAP_SERVERS) + " does not answer";
    }
  }

  @Override
  public void close() {
    KafkaStreams running;
    Admin client;
    synchronized (lock) {
      running = streams;
      client = admin;
    }
    if (running != null) {
      running.close(
          CloseOptions.timeout(CLOSE_TIMEOUT)
              .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }
    if (ruleFile != null) {
      ruleFile.close();
    }
    notifier.close();
    if (client != null) {
      client.close(Duration.ofSeconds(1));
    }
    this.client.shutdownNow();
  }
}
