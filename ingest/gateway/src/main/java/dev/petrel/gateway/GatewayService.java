// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import dev.petrel.gateway.sink.CallSink;
import dev.petrel.gateway.sink.KafkaCallSink;
import dev.petrel.service.Health;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Service;
import dev.petrel.service.Settings;
import dev.petrel.service.Topics;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The gateway: takes calls as OTLP, from LiteLLM and as plain JSON, and acknowledges what Kafka has
 * acknowledged.
 *
 * <p>Kafka has to be there at the start. When it goes away later, senders are told to come back.
 */
public final class GatewayService implements Service {

  private static final String NAME = "gateway";

  private final Settings settings;
  private final CallSink sink;
  private final Gateway gateway;

  /**
   * Connects to nothing yet.
   *
   * @throws IllegalStateException when a file that the settings name cannot be used, or the
   *     settings would let anyone write from anywhere
   */
  public GatewayService(Settings settings, MeterRegistry meters) {
    this.settings = settings;
    sink =
        KafkaCallSink.connecting(
            settings.get(KafkaSettings.BOOTSTRAP_SERVERS),
            settings.get(GatewaySettings.ACK_TIMEOUT),
            settings.get(GatewaySettings.MAX_IN_FLIGHT_BYTES));
    try {
      gateway = new Gateway(settings, sink, meters);
    } catch (RuntimeException e) {
      sink.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Listens, once the topics are there.
   *
   * @throws IllegalStateException when a port is taken or Kafka does not answer
   */
  @Override
  public void start() {
    Topics.createMissing(settings);
    gateway.start();
  }

  /** The port of OTLP/HTTP and the JSON API. */
  public int httpPort() {
    return gateway.httpPort();
  }

  /** The port of OTLP/gRPC. */
  public int grpcPort() {
    return gateway.grpcPort();
  }

  @Override
  public Health health() {
    String problem = sink.problem();
    return problem == null ? Health.ok(NAME) : Health.failing(NAME, problem);
  }

  @Override
  public void close() {
    gateway.close();
    sink.close();
  }
}
