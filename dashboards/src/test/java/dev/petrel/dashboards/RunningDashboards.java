// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.service.Health;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import dev.petrel.service.Topic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.test.servers.TestKafka;
import dev.petrel.test.servers.TestOpenSearch;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The dashboards service on real servers, with what a test needs to feed and to look at it. */
public final class RunningDashboards implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final DashboardsService service;
  private final OpenSearch openSearch;
  private final KafkaProducer<byte[], byte[]> producer;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Starts it on a free port. */
  public RunningDashboards(TestKafka kafka, TestOpenSearch openSearch) {
    this.openSearch = new OpenSearch(URI.create(openSearch.url()), null, null);
    service =
        new DashboardsService(
            settings(kafka, openSearch, 0), meters, DashboardsService.Options.none());
    service.start();
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                // The topics are so new that a first batch can be refused while later ones are
                // taken, and is out of order for ever then.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Settings for these servers. */
  public static Settings settings(TestKafka kafka, TestOpenSearch openSearch, int port) {
    List<Setting<?>> known = new ArrayList<>(KafkaSettings.ALL);
    known.addAll(DashboardsSettings.ALL);
    return Settings.load(
        null,
        Map.of(),
        Map.of(
            "kafka.bootstrap_servers", kafka.bootstrapServers(),
            "kafka.partitions", "2",
            "opensearch.url", openSearch.url(),
            "console.port", Integer.toString(port)),
        known);
  }

  /** Sends aggregates and waits until Kafka has them. */
  public void send(Collection<CallStats> stats) {
    List<Future<?>> sends = new ArrayList<>();
    for (CallStats each : stats) {
      sends.add(
          producer.send(
              new ProducerRecord<>(
                  topicOf(each).topicName(),
                  each.key().getBytes(StandardCharsets.UTF_8),
                  CallStatsCodec.encode(each))));
    }
    sends.forEach(RunningDashboards::await);
  }

  private static Topic topicOf(CallStats stats) {
    return stats.windowMs() == CallStats.WINDOW_MS ? Topic.CALL_STATS : Topic.CALL_ROLLUPS;
  }

  /** Sends any record and waits until Kafka has it. */
  public void send(Topic topic, String key, byte @org.jspecify.annotations.Nullable [] value) {
    await(
        producer.send(
            new ProducerRecord<>(topic.topicName(), key.getBytes(StandardCharsets.UTF_8), value)));
  }

  private static void await(Future<?> send) {
    try {
      send.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A stored document with its metadata; a missing node when there is none. */
  public JsonNode document(String index, String id) {
    return openSearch.send("GET", "/" + index + "/_doc/" + id, Map.of(), null).json();
  }

  /** The sum of the attempts of the documents that have this value in a field. */
  public long attempts(String indices, String field, String value) {
    return openSearch
        .search(
            indices,
            Map.of(
                "size",
                0,
                "query",
                Map.of("term", Map.of(field, value)),
                "aggs",
                Map.of("attempts", Map.of("sum", Map.of("field", "attempts")))))
        .at("/aggregations/attempts/value")
        .asLong();
  }

  /** Calls OpenSearch. */
  public OpenSearch openSearch() {
    return openSearch;
  }

  /** A counter of the sink, summed over topics. */
  public double count(String name) {
    return meters.find("petrel.dashboards." + name).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  /** The gauge of the records that are not written yet. */
  public double lag() {
    return meters.get("petrel.dashboards.lag").gauge().value();
  }

  /** What the service says about itself. */
  public Health health() {
    return service.health();
  }

  /** The console's address, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + service.port();
  }

  /** What the console answers. */
  public HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The JSON that the console answers. */
  public JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(get(path).body());
  }

  @Override
  public void close() {
    producer.close();
    service.close();
    openSearch.close();
  }
}
