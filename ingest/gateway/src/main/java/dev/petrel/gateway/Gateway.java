// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.HttpService;
import dev.petrel.event.completion.EventCompletion;
import dev.petrel.event.prices.PriceOverrides;
import dev.petrel.event.prices.PriceTable;
import dev.petrel.event.redaction.KeyedHash;
import dev.petrel.gateway.http.Endpoint;
import dev.petrel.gateway.http.InFlight;
import dev.petrel.gateway.http.Protocol;
import dev.petrel.gateway.intake.Intake;
import dev.petrel.gateway.intake.IntakeMeters;
import dev.petrel.gateway.intake.Privacy;
import dev.petrel.gateway.json.EventDecoder;
import dev.petrel.gateway.json.JsonApi;
import dev.petrel.gateway.litellm.PayloadDecoder;
import dev.petrel.gateway.otlp.OtlpDecoder;
import dev.petrel.gateway.otlp.OtlpGrpc;
import dev.petrel.gateway.otlp.OtlpHttp;
import dev.petrel.gateway.otlp.Signal;
import dev.petrel.gateway.sink.CallSink;
import dev.petrel.gateway.sources.Sources;
import dev.petrel.gateway.sources.SourcesFile;
import dev.petrel.service.Settings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The ways in, as the settings want them, before a sink. */
final class Gateway implements AutoCloseable {

  /** For what is not waiting for Kafka. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final Settings settings;
  private final InFlight inFlight;
  private final Intake intake;
  private final OtlpDecoder decoder;
  private final GatewayServer http;
  private final GatewayServer grpc;

  /**
   * Listens to nothing yet.
   *
   * @param sink where calls go; stays the caller's
   * @throws IllegalStateException when a file that the settings name cannot be used, or the
   *     settings would let anyone write from anywhere
   */
  Gateway(Settings settings, CallSink sink, MeterRegistry meters) {
    this.settings = settings;
    int maxInFlight = settings.get(GatewaySettings.MAX_IN_FLIGHT_BYTES);
    int maxRequest = Math.min(settings.get(GatewaySettings.MAX_REQUEST_BYTES), maxInFlight);
    Sources sources = sources(settings);
    TlsKeyPair tls = tls(settings);
    EventCompletion completion = new EventCompletion(prices(settings));
    Privacy privacy = new Privacy(userHash(settings), settings.get(GatewaySettings.ATTRIBUTES));
    IntakeMeters intakeMeters = new IntakeMeters(meters);
    inFlight = new InFlight(maxInFlight);
    Gauge.builder("petrel.gateway.in.flight", inFlight, InFlight::bytes)
        .description("Bytes of requests that are being read or wait for Kafka")
        .baseUnit("bytes")
        .register(meters);
    intake = new Intake(sink, completion, privacy, InstantSource.system(), intakeMeters);
    Endpoint.Shared shared =
        new Endpoint.Shared(sources, intake, intakeMeters, inFlight, maxRequest);
    GatewayServer.Options options =
        new GatewayServer.Options(
            REQUEST_TIMEOUT.plus(settings.get(GatewaySettings.ACK_TIMEOUT)), tls);
    decoder =
        new OtlpDecoder(
            settings.get(GatewaySettings.TENANT_ATTRIBUTES),
            settings.get(GatewaySettings.ATTRIBUTES));
    http =
        new GatewayServer(
            GatewaySettings.HTTP_PORT,
            address(settings.get(GatewaySettings.HTTP_PORT)),
            Map.of(
                "/v1/traces",
                endpoint(new OtlpHttp(Signal.TRACES, decoder), shared),
                "/v1/logs",
                endpoint(new OtlpHttp(Signal.LOGS, decoder), shared),
                "/v1/litellm",
                endpoint(new JsonApi("litellm", new PayloadDecoder()), shared),
                "/v1/llm-calls",
                endpoint(new JsonApi("json", new EventDecoder(InstantSource.system())), shared)),
            options);
    grpc =
        new GatewayServer(
            GatewaySettings.GRPC_PORT,
            address(settings.get(GatewaySettings.GRPC_PORT)),
            Map.of(
                OtlpGrpc.TRACES,
                endpoint(new OtlpGrpc(Signal.TRACES, decoder), shared),
                OtlpGrpc.LOGS,
                endpoint(new OtlpGrpc(Signal.LOGS, decoder), shared)),
            options);
  }

  private static HttpService endpoint(Protocol protocol, Endpoint.Shared shared) {
    return new Endpoint(protocol, shared);
  }

  private InetSocketAddress address(int port) {
    return new InetSocketAddress(settings.get(GatewaySettings.HOST), port);
  }

  private static Sources sources(Settings settings) {
    String file = settings.find(GatewaySettings.SOURCES_FILE);
    if (file != null) {
      return SourcesFile.read(Path.of(file), System.getenv(), System::nanoTime);
    }
    String host = settings.get(GatewaySettings.HOST);
    InetAddress address = new InetSocketAddress(host, 0).getAddress();
    boolean isLocal = address != null && address.isLoopbackAddress();
    if (!isLocal && !settings.get(GatewaySettings.ANONYMOUS)) {
      throw new IllegalStateException(
          "gateway.host %s is not loopback, and anyone could write: set gateway.sources_file, or gateway.anonymous=true"
              .formatted(host));
    }
    return Sources.anyone();
  }

  private static @Nullable TlsKeyPair tls(Settings settings) {
    String certificate = settings.find(GatewaySettings.TLS_CERTIFICATE_FILE);
    String key = settings.find(GatewaySettings.TLS_KEY_FILE);
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw new IllegalStateException(
          "gateway.tls_certificate_file and gateway.tls_key_file go together; one of them is not set");
    }
    try {
      return TlsKeyPair.of(new File(key), new File(certificate));
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "gateway.tls_certificate_file %s with gateway.tls_key_file %s cannot be used: %s"
              .formatted(certificate, key, e.getMessage()),
          e);
    }
  }

  private static @Nullable PriceTable prices(Settings settings) {
    String file = settings.find(GatewaySettings.PRICES_FILE);
    try {
      return file == null
          ? null
          : PriceTable.bundled().withOverrides(PriceOverrides.read(Path.of(file)));
    } catch (IOException e) {
      throw new IllegalStateException("gateway.prices_file " + file + " cannot be read: " + e, e);
    }
  }

  private static @Nullable KeyedHash userHash(Settings settings) {
    String key = settings.find(GatewaySettings.USER_HASH_KEY);
    try {
      return key == null ? null : KeyedHash.withKey(key.getBytes(UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("gateway.user_hash_key: " + e.getMessage(), e);
    }
  }

  /**
   * Listens.
   *
   * @throws IllegalStateException when a port is taken
   */
  void start() {
    http.start();
    grpc.start();
  }

  /** The port of OTLP/HTTP and the JSON API. */
  int httpPort() {
    return http.port();
  }

  /** The port of OTLP/gRPC. */
  int grpcPort() {
    return grpc.port();
  }

  /** What finds calls in OTLP, and remembers what it needs for that. */
  OtlpDecoder otlpDecoder() {
    return decoder;
  }

  /** What is held of requests now. */
  long inFlightBytes() {
    return inFlight.bytes();
  }

  /** What is done with calls, whatever way they come. */
  Intake intake() {
    return intake;
  }

  /** Answers what it has taken, and takes no more. */
  @Override
  public void close() {
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(grpc::close);
    http.close();
    stopped.join();
  }
}
