// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

/**
 * A Kafka broker for tests. Topics are not made automatically; records may have up to 8 MiB; all
 * internal topics have one replica.
 */
public interface TestKafka {
  /** Host and port, as a client's {@code bootstrap.servers} wants them. */
  String bootstrapServers();
}
