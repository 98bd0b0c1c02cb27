// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import dev.petrel.gateway.collector.CollectorTopics;
import dev.petrel.gateway.sink.KafkaCallSink;
import dev.petrel.gateway.sources.Source;
import dev.petrel.service.Health;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Service;
import dev.petrel.service.Settings;
import dev.petrel.service.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gateway: takes calls as OTLP, from LiteLLM and as plain JSON, and acknowledges what Kafka has
 * acknowledged.
 *
 * <p>Kafka has to be there at the start. When it goes away later, senders are told to come back.
 */
public final class GatewayService implements Service {

  private static final String NAME = "gateway";

  private final Settings settings;
  private final KafkaCallSink sink;
  private final Gateway gateway;
  private final @Nullable CollectorTopics collector;

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
      collector = collector(settings, gateway);
    } catch (RuntimeException e) {
      sink.close();
      throw e;
    }
  }

  private static @Nullable CollectorTopics collector(Settings settings, Gateway gateway) {
    List<String> proto = settings.get(GatewaySettings.OTLP_PROTO_TOPICS);
    List<String> json = settings.get(GatewaySettings.OTLP_JSON_TOPICS);
    return proto.isEmpty() && json.isEmpty()
        ? null
        : new CollectorTopics(
            settings.get(KafkaSettings.BOOTSTRAP_SERVERS),
            proto,
            json,
            // Who may write to the topic is Kafka's to say.
            Source.trusted("collector"),
            gateway.otlpDecoder(),
            gateway.intake());
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
    sink.warmUp();
    gateway.start();
    if (collector != null) {
      collector.start();
    }
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
    if (problem == null && collector != null) {
      problem = collector.problem();
    }
    return problem == null ? Health.ok(NAME) : Health.failing(NAME, problem);
  }

  @Override
  public void close() {
    gateway.close();
    if (collector != null) {
      collector.close();
    }
    sink.close();
  }
}
