// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import dev.petrel.processes.EmbeddedKafka;

/** A Kafka broker of one test's own, for faults: always a child JVM. */
public final class PrivateKafka extends PrivateServer<EmbeddedKafka> implements TestKafka {
  private PrivateKafka() {
    super(EmbeddedKafka::options, EmbeddedKafka::start);
  }

  /** Starts one on a free port and an empty temporary directory. */
  public static PrivateKafka start() {
    return new PrivateKafka();
  }

  @Override
  public String bootstrapServers() {
    return server().bootstrapServers();
  }
}
