// SPDX-License-Identifier: Apache-2.0
package dev.petrel.hook.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A provider that speaks OpenAI's protocol on the loopback interface, and fails as it is told: the
 * first part of the path says how it answers, each attempt the same unless {@link #answerNext} says
 * otherwise. Thread-safe.
 */
public final class FakeProvider implements AutoCloseable {

  /** The model of all answers. */
  public static final String MODEL = "gpt-4o-2024-08-06";

  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":120,\"completion_tokens\":30,\"total_tokens\":150,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":64},"
          + "\"completion_tokens_details\":{\"reasoning_tokens\":10}}";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Queue<Answer> next = new ConcurrentLinkedQueue<>();
  private final Queue<Map<String, List<String>>> requests = new ConcurrentLinkedQueue<>();

  /** How an attempt is answered. */
  public enum Answer {
    /** A whole answer. */
    OK,
    /** An answer cut at the token limit. */
    TRUNCATED,
    /** An answer that a filter withheld. */
    FILTERED,
    /** A whole stream, usage in its last chunk. */
    STREAM,
    /** A stream that ends with the connection in the middle. */
    STREAM_CUT,
    /** A stream that ends in the middle, as a proxy ends it: with all that HTTP asks for. */
    STREAM_ENDED_EARLY,
    /** A stream that stops without ending. */
    STREAM_STALLED,
    /** A stream with an error in the middle. */
    STREAM_ERROR,
    /** An answer that ends with the connection in the middle. */
    CUT,
    /** 401. */
    BAD_KEY,
    /** 429, and when to come back. */
    RATE_LIMIT,
    /** 429 for want of money. */
    QUOTA,
    /** 400 for a parameter. */
    BAD_PARAMETER,
    /** 400 for too long a prompt. */
    CONTEXT_LENGTH,
    /** 500. */
    SERVER_ERROR,
    /** 503 with a page of a gateway. */
    OVERLOADED,
    /** No answer at all, for as long as one waits. */
    SILENT,
    /** The connection ends before an answer. */
    CLOSED,
    /** 200 with a body that is none. */
    GARBAGE;

    /** Whether who waits for it, or for its end, waits for ever. */
    public boolean isEndless() {
      return this == STREAM_STALLED || this == SILENT;
    }
  }

  /** A provider at a free port. */
  public FakeProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** Base address of an API that answers so, without the final slash. */
  public URI baseUri(Answer answer) {
    return URI.create(
        "http://127.0.0.1:%d/%s/v1".formatted(server.getAddress().getPort(), answer.name()));
  }

  /** How the next attempts are answered, whatever their path says. */
  public void answerNext(Answer... answers) {
    next.addAll(List.of(answers));
  }

  /** How many requests have come, which is how many attempts there were. */
  public int requests() {
    return requests.size();
  }

  /** The headers of each request so far, their names in lower case. */
  public List<Map<String, List<String>>> requestHeaders() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, List<String>> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    requests.add(headers);
    exchange.getRequestBody().readAllBytes();
    Answer told = next.poll();
    String path = exchange.getRequestURI().getPath();
    Answer answer = told == null ? Answer.valueOf(path.substring(1, path.indexOf('/', 1))) : told;
    exchange
        .getResponseHeaders()
        .set("x-request-id", "req_" + answer.name().toLowerCase(Locale.ROOT));
    switch (answer) {
      case OK -> json(exchange, 200, completion("stop"));
      case TRUNCATED -> json(exchange, 200, completion("length"));
      case FILTERED -> json(exchange, 200, completion("content_filter"));
      case STREAM -> stream(exchange, 20, true);
      case STREAM_ENDED_EARLY -> stream(exchange, 5, false);
      case STREAM_CUT -> {
        chunks(exchange, 5);
        throw new IOException("cut");
      }
      case STREAM_STALLED -> {
        chunks(exchange, 5);
        await();
      }
      case STREAM_ERROR -> {
        OutputStream out = chunks(exchange, 5);
        out.write(
            "data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\"}}\n\n"
                .getBytes(UTF_8));
        out.close();
      }
      case CUT -> {
        byte[] body = completion("stop").getBytes(UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, body.length / 2);
        exchange.getResponseBody().flush();
        throw new IOException("cut");
      }
      case BAD_KEY ->
          error(
              exchange,
              401,
              "Incorrect API key provided: sk-ab***********yz12.",
              "invalid_request_error",
              "invalid_api_key");
      case RATE_LIMIT -> {
        exchange.getResponseHeaders().set("retry-after-ms", "150");
        exchange.getResponseHeaders().set("x-ratelimit-limit-requests", "500");
        exchange.getResponseHeaders().set("x-ratelimit-remaining-requests", "0");
        exchange.getResponseHeaders().set("x-ratelimit-reset-requests", "1.2s");
        error(
            exchange,
            429,
            "Rate limit reached on requests per min (RPM): Limit 500",
            "requests",
            "rate_limit_exceeded");
      }
      case QUOTA ->
          error(
              exchange,
              429,
              "You exceeded your current quota",
              "insufficient_quota",
              "insufficient_quota");
      case BAD_PARAMETER ->
          error(
              exchange,
              400,
              "Unsupported parameter: 'max_tokens'",
              "invalid_request_error",
              "unsupported_parameter");
      case CONTEXT_LENGTH ->
          error(
              exchange,
              400,
              "This model's maximum context length is 128000 tokens",
              "invalid_request_error",
              "context_length_exceeded");
      case SERVER_ERROR -> error(exchange, 500, "The server had an error", "server_error", null);
      case OVERLOADED -> {
        exchange.getResponseHeaders().set("content-type", "text/html");
        send(exchange, 503, "<html><h1>503 Service Unavailable</h1></html>");
      }
      case SILENT -> await();
      case CLOSED -> throw new IOException("closed");
      case GARBAGE -> json(exchange, 200, "{\"choices\": [ %% not json");
    }
  }

  private void await() throws IOException {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("closed");
  }

  private static String completion(String finish) {
    return """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"%s","choices":[{"index":0,\
        "message":{"role":"assistant","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"%s"}],%s}"""
        .formatted(MODEL, finish, USAGE);
  }

  private static void stream(HttpExchange exchange, int chunks, boolean whole) throws IOException {
    OutputStream out = chunks(exchange, chunks);
    if (whole) {
      out.write(chunk("{}", "\"stop\"", "\"usage\":null").getBytes(UTF_8));
      out.write(
          ("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\""
                  + MODEL
                  + "\",\"choices\":[],"
                  + USAGE
                  + "}\n\n")
              .getBytes(UTF_8));
      out.write("data: [DONE]\n\n".getBytes(UTF_8));
    }
    out.close();
  }

  private static OutputStream chunks(HttpExchange exchange, int count) throws IOException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    for (int i = 0; i < count; i++) {
      out.write(chunk("{\"content\":\"word \"}", "null", "\"usage\":null").getBytes(UTF_8));
      out.flush();
    }
    return out;
  }

  private static String chunk(String delta, String finish, String usage) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"%s\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}],%s}\n\n"
        .formatted(MODEL, delta, finish, usage);
  }

  private static void error(
      HttpExchange exchange, int status, String message, String type, @Nullable String code)
      throws IOException {
    json(
        exchange,
        status,
        "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":null,\"code\":%s}}"
            .formatted(message, type, code == null ? "null" : "\"" + code + "\""));
  }

  private static void json(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getResponseHeaders().set("content-type", "application/json");
    send(exchange, status, body);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
