// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** Asks whether Kafka answers. */
final class KafkaCheck {

  private static final int TIMEOUT_MILLIS = 5_000;

  private KafkaCheck() {}

  static Admin admin(String bootstrapServers) {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS));
  }

  /**
   * Returns when the cluster answers.
   *
   * @throws IllegalStateException when it does not; says what to do
   */
  static void requireReachable(String bootstrapServers) throws InterruptedException {
    try (Admin admin = admin(bootstrapServers)) {
      admin.describeCluster().clusterId().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new IllegalStateException(
          "Kafka at %s does not answer; start it (petrel up), or name another with --kafka HOST:PORT"
              .formatted(bootstrapServers),
          e);
    }
  }
}
