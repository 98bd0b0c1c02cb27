// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.service.Topics;
import dev.petrel.test.servers.PrivateKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever dies under load, what is published in the end equals a batch computation, and each
 * record is accounted for. {@link Soak} tells how to run it for longer.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class StreamsFaultsIT {

  private static final List<String> SMALL_AND_SOON_UP =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

  private static final Map<String, String> STANDBY =
      Map.of(StreamsSettings.STANDBY_REPLICAS.key(), "1");

  @TempDir private Path directory;

  private final long seed = Soak.seed();
  private final Random random = new Random(seed);

  private PrivateKafka kafka;
  private Load load;

  @BeforeEach
  void open() {
    kafka = PrivateKafka.start();
    Topics.createMissing(StreamsProcess.settings(kafka.bootstrapServers(), directory));
    load = new Load(kafka.bootstrapServers(), seed);
  }

  @AfterEach
  void close() {
    load.close();
    kafka.close();
  }

  @Test
  void start_equalsABatchComputationThroughSigkills() throws Exception {
    try (StreamsProcess streams = instance("one", Map.of())) {
      load.start(800);
      for (int kill = 0; kill < Soak.kills(); kill++) {
        streams.start();
        // In turn into start-up and restore, the first commits, and the full flow.
        if (kill % 3 != 0) {
          awaitRunning(streams);
        }
        sleepUpTo(kill % 3 == 0 ? 3000 : kill % 3 == 1 ? 1000 : 4000);
        assertThat(streams.isAlive()).as("seed %d, kill %d", seed, kill).isTrue();
        streams.kill();
        if (random.nextInt(20) != 0) {
          forgetDeadMembers();
        }
      }
      streams.start();
      load.stop();

      assertExact(streams);
    }
  }

  @Test
  void start_survivesSigkillsOfTheBroker() throws Exception {
    try (StreamsProcess streams = instance("one", Map.of())) {
      streams.start();
      load.start(800);
      awaitRunning(streams);
      for (int kill = 0; kill < Soak.brokerKills(); kill++) {
        sleepUpTo(4000);
        kafka.kill();
        sleepUpTo(3000);
        kafka.restart();
      }
      sleepUpTo(3000);
      load.stop();

      assertExact(streams);
    }
  }

  @EnabledIfSystemProperty(named = "petrel.soak", matches = "true") // others show it in CI, shorter
  @Test
  void start_recoversByItselfWhenTheBrokerWasAwayForLong() throws Exception {
    try (StreamsProcess streams = instance("one", Map.of())) {
      streams.start();
      load.start(500);
      awaitRunning(streams);
      sleepUpTo(2000);

      kafka.stop();
      TimeUnit.MILLISECONDS.sleep(Soak.brokerAway().toMillis());
      kafka.restart();
      sleepUpTo(2000);
      load.stop();

      assertExact(streams);
    }
  }

  @Test
  void start_rebalancesExactlyThroughSigkillsOfOneOfTwo() throws Exception {
    try (StreamsProcess one = instance("one", STANDBY);
        StreamsProcess two = instance("two", STANDBY)) {
      one.start();
      two.start();
      load.start(800);
      awaitRunning(one);
      for (int kill = 0; kill < Soak.rebalances(); kill++) {
        StreamsProcess victim = random.nextBoolean() ? one : two;
        awaitRunning(victim);
        sleepUpTo(3000);
        victim.kill();
        // Before or after the other one has taken over.
        sleepUpTo(15_000);
        victim.start();
      }
      load.stop();

      assertExact(one, two);
    }
  }

  @EnabledIfSystemProperty(named = "petrel.soak", matches = "true") // others show it in CI, shorter
  @Test
  void close_handsOverInARollingRestart() throws Exception {
    try (StreamsProcess one = instance("one", STANDBY);
        StreamsProcess two = instance("two", STANDBY)) {
      one.start();
      two.start();
      load.start(800);
      awaitRunning(one);
      awaitRunning(two);

      restart(one, two);
      restart(two, one);
      load.stop();

      assertExact(one, two);
    }
  }

  private void restart(StreamsProcess instance, StreamsProcess other) throws Exception {
    instance.stop();
    awaitRunning(other);
    instance.start();
    awaitRunning(instance);
    assertThat(other.isAlive()).as("seed %d", seed).isTrue();
  }

  private StreamsProcess instance(String name, Map<String, String> settings) {
    return new StreamsProcess(
        kafka.bootstrapServers(), directory.resolve(name), SMALL_AND_SOON_UP, settings);
  }

  private void awaitRunning(StreamsProcess instance) {
    await()
        .alias("seed " + seed)
        .atMost(Soak.patience())
        .pollInterval(Duration.ofMillis(20))
        .failFast("streams has exited", () -> !instance.isAlive())
        .until(instance::isRunning);
  }

  private void sleepUpTo(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(millis));
  }

  /**
   * What the broker does itself, but only when a killed member's session has run out: until then
   * the next instance gets no partition. Left to the broker, every kill would be one into start-up.
   */
  private void forgetDeadMembers() throws InterruptedException {
    try (Admin admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      admin
          .removeMembersFromConsumerGroup(
              "petrel-streams", new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get();
    } catch (ExecutionException e) {
      // None had joined yet, or it is gone already.
    }
  }

  private void assertExact(StreamsProcess... instances) {
    new FinalCheck(kafka.bootstrapServers(), load.reference(), seed).awaitExact(instances);
  }
}
