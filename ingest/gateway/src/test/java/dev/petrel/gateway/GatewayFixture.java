// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A gateway on free ports with a fake sink, and a client of it. */
final class GatewayFixture implements AutoCloseable {

  /** Of all test events: 2026-11-24T12:00:00Z. */
  static final long NOON = 1_795_521_600_000L;

  final FakeCallSink sink = new FakeCallSink();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Gateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();

  GatewayFixture(String... settings) {
    gateway = new Gateway(settings(settings), sink, meters);
    gateway.start();
  }

  /** Texts like {@code key=value} on top of free ports. */
  static Settings settings(String... settings) {
    Map<String, String> texts = new HashMap<>();
    texts.put(GatewaySettings.HTTP_PORT.key(), "0");
    texts.put(GatewaySettings.GRPC_PORT.key(), "0");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      texts.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    List<Setting<?>> known = new ArrayList<>(KafkaSettings.ALL);
    known.addAll(GatewaySettings.ALL);
    return Settings.load(null, Map.of(), texts, known);
  }

  /** An event as JSON, with more members before its end. */
  static String event(String id, String... members) {
    String more = members.length == 0 ? "" : "," + String.join(",", members);
    return "{\"v\":1,\"event_id\":\"%s\",\"timestamp\":%d,\"outcome\":\"success\"%s}"
        .formatted(id, NOON, more);
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return post(path, body.getBytes(UTF_8), headers);
  }

  /** Sends a body; headers are names and values in turn. */
  HttpResponse<String> post(String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort() + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The only event that was stored. */
  LlmCallEvent only() {
    if (sink.stored.size() != 1) {
      throw new AssertionError("stored: " + sink.stored);
    }
    return sink.stored.get(0);
  }

  /** The sum of a counter over all of its tags but those given, as names and values in turn. */
  double count(String name, String... tags) {
    return meters.find(name).tags(tags).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  List<String> meterNames() {
    return meters.getMeters().stream().map(Meter::getId).map(Meter.Id::getName).distinct().toList();
  }

  static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Netty's threads take two seconds to end; nobody waits for them. */
  @Override
  public void close() {
    Thread.ofPlatform().daemon().start(gateway::close);
  }
}
