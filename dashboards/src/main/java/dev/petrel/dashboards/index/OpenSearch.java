// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.index;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;
import org.opensearch.client.json.jackson.JacksonJsonpMapper;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5TransportBuilder;
import org.opensearch.client.transport.httpclient5.ResponseException;

/**
 * The calls of Petrel to an OpenSearch cluster, in JSON.
 *
 * <p>It connects lazily and keeps no state, so that a cluster that comes later or goes away for a
 * while does not matter to it. Documents pass through as the bytes they are. Thread-safe.
 */
public final class OpenSearch implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JSON_TYPE = "application/json";
  private static final String NDJSON_TYPE = "application/x-ndjson";
  private static final String SCROLL_KEEP_ALIVE = "1m";
  private static final int LONGEST_REASON = 400;
  private static final int UNAVAILABLE = 503;
  private static final int SHARD_TRIES = 5;
  private static final long SHARD_PAUSE_NANOS = 200_000_000;

  private final URI url;
  private final OpenSearchTransport transport;
  private final OpenSearchGenericClient client;

  /** Reads the {@code _source} object that the parser stands on the start of, to its end. */
  @FunctionalInterface
  public interface SourceReader {
    /** Reads one document. */
    void read(JsonParser source) throws IOException;
  }

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body the body, empty when there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Answer(int status, byte[] body) {
    /** The body as JSON; a missing node when it is none. */
    public JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        return JSON.missingNode();
      }
    }
  }

  /**
   * @param url where the cluster is
   * @param username for basic authentication; null for none
   * @param password for basic authentication; null for none
   */
  public OpenSearch(URI url, @Nullable String username, @Nullable String password) {
    this.url = url;
    HttpHost host =
        new HttpHost(
            url.getScheme(),
            url.getHost(),
            url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80);
    ApacheHttpClient5TransportBuilder builder = ApacheHttpClient5TransportBuilder.builder(host);
    if (url.getPath() != null && url.getPath().length() > 1) {
      builder.setPathPrefix(url.getPath());
    }
    if (username != null && password != null) {
      String credentials =
          Base64.getEncoder()
              .encodeToString((username + ':' + password).getBytes(StandardCharsets.UTF_8));
      builder.setDefaultHeaders(
          new Header[] {new BasicHeader(HttpHeaders.AUTHORIZATION, "Basic " + credentials)});
    }
    transport = builder.setMapper(new JacksonJsonpMapper()).build();
    client = new OpenSearchGenericClient(transport);
  }

  /**
   * Sends a request and gives the answer, whatever its status.
   *
   * @throws OpenSearchCallException with status 0 when there is no answer
   */
  public Answer send(
      String method, String path, Map<String, String> parameters, byte @Nullable [] body) {
    var request = Requests.builder().method(method).endpoint(path).query(parameters);
    if (body != null) {
      request.body(Body.from(body, path.endsWith("_bulk") ? NDJSON_TYPE : JSON_TYPE));
    }
    try (Response response = client.execute(request.build())) {
      byte[] answer = response.getBody().map(Body::bodyAsBytes).orElse(new byte[0]);
      return new Answer(response.getStatus(), answer);
    } catch (ResponseException e) {
      // The transport's way of saying 502, 503 and 504: it looks for another node first.
      String message = String.valueOf(e.getMessage());
      String json = message.substring(message.indexOf('\n') + 1);
      return new Answer(e.status(), json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      throw new OpenSearchCallException(
          0, "OpenSearch at " + url + " does not answer: " + reason(e), e);
    }
  }

  private static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return "connection refused; is it running, and is opensearch.url right?";
      }
      if (cause instanceof SocketTimeoutException) {
        return "timed out";
      }
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /**
   * Sends a request that must succeed.
   *
   * @throws OpenSearchCallException when it does not; the message has OpenSearch's reason
   */
  public JsonNode call(
      String method, String path, Map<String, String> parameters, @Nullable Object body) {
    Answer answer = send(method, path, parameters, body == null ? null : bytes(body));
    check(answer);
    return answer.json();
  }

  private void check(Answer answer) {
    if (answer.status() >= 300) {
      throw new OpenSearchCallException(
          answer.status(),
          "OpenSearch at %s answered %d: %s".formatted(url, answer.status(), reasonOf(answer)),
          null);
    }
  }

  private static byte[] bytes(Object body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (IOException e) {
      throw new IllegalArgumentException("a request that cannot be written as JSON", e);
    }
  }

  /** The reason of an error answer, shortened. */
  public static String reasonOf(Answer answer) {
    JsonNode error = answer.json().path("error");
    String reason = error.path("reason").asText(error.asText(""));
    JsonNode rootCause = error.path("root_cause").path(0).path("reason");
    if (reason.isEmpty() || "all shards failed".equals(reason)) {
      reason =
          rootCause.isTextual()
              ? rootCause.asText()
              : new String(answer.body(), StandardCharsets.UTF_8);
    }
    return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
  }

  /**
   * Searches; an index pattern that matches nothing finds nothing. An answer is complete: when a
   * shard is missing, it throws.
   */
  public JsonNode search(String indexPattern, Map<String, ?> body) {
    Answer answer = firstPage(indexPattern, searchParameters(), bytes(body));
    check(answer);
    return answer.json();
  }

  private static Map<String, String> searchParameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("ignore_unavailable", "true");
    parameters.put("allow_no_indices", "true");
    parameters.put("allow_partial_search_results", "false");
    return parameters;
  }

  /** Waits for the shard of an index that was just made, as at midnight. */
  private Answer firstPage(String indexPattern, Map<String, String> parameters, byte[] body) {
    Answer answer = send("POST", "/" + indexPattern + "/_search", parameters, body);
    for (int i = 0; i < SHARD_TRIES && answer.status() == UNAVAILABLE; i++) {
      LockSupport.parkNanos(SHARD_PAUSE_NANOS);
      answer = send("POST", "/" + indexPattern + "/_search", parameters, body);
    }
    return answer;
  }

  /**
   * Reads every document that a search finds, page by page, so that memory holds one page of them.
   *
   * @param body the search, its {@code size} being that of a page
   * @param afterPage called after each page
   */
  public void scroll(
      String indexPattern, Map<String, ?> body, SourceReader reader, Runnable afterPage)
      throws IOException {
    Map<String, String> parameters = searchParameters();
    parameters.put("scroll", SCROLL_KEEP_ALIVE);
    String scrollId = null;
    try {
      Answer page = firstPage(indexPattern, parameters, bytes(body));
      while (true) {
        check(page);
        Page read = readPage(page.body(), reader);
        if (read.scrollId() != null) {
          scrollId = read.scrollId();
        }
        afterPage.run();
        if (read.hits() == 0 || scrollId == null) {
          return;
        }
        page =
            send(
                "POST",
                "/_search/scroll",
                Map.of(),
                bytes(Map.of("scroll", SCROLL_KEEP_ALIVE, "scroll_id", scrollId)));
      }
    } finally {
      if (scrollId != null) {
        closeScroll(scrollId);
      }
    }
  }

  private void closeScroll(String scrollId) {
    try {
      send("DELETE", "/_search/scroll", Map.of(), bytes(Map.of("scroll_id", scrollId)));
    } catch (OpenSearchCallException e) {
      // It ends by itself when its time is over.
    }
  }

  private record Page(@Nullable String scrollId, int hits) {}

  private static Page readPage(byte[] body, SourceReader reader) throws IOException {
    String scrollId = null;
    int hits = 0;
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "_scroll_id" -> scrollId = parser.getText();
          case "hits" -> hits = readHits(parser, reader);
          default -> parser.skipChildren();
        }
      }
    }
    return new Page(scrollId, hits);
  }

  private static int readHits(JsonParser parser, SourceReader reader) throws IOException {
    int hits = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (!"hits".equals(name)) {
        parser.skipChildren();
        continue;
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        hits++;
        readHit(parser, reader);
      }
    }
    return hits;
  }

  private static void readHit(JsonParser parser, SourceReader reader) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if ("_source".equals(name)) {
        reader.read(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  @Override
  public void close() {
    try {
      transport.close();
    } catch (IOException e) {
      // Nothing is left to lose.
    }
  }

  /** Where the cluster is. */
  @Override
  public String toString() {
    return "OpenSearch{" + url + '}';
  }
}
