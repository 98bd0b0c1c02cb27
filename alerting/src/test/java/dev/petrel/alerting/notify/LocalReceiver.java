// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An HTTP server that stands in for a receiver. */
public final class LocalReceiver implements AutoCloseable {

  /** What came. */
  public record Request(String method, URI uri, Map<String, String> headers, String body) {

    /** A header by its name in any case; empty when it is not there. */
    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /** What it answers. */
  public record Answer(int status, Map<String, String> headers, String body, long delayMs) {

    /** A plain answer. */
    public static Answer of(int status) {
      return new Answer(status, Map.of(), "body", 0);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Function<Request, Answer> answers = request -> Answer.of(200);

  /** Starts on a free port. */
  public LocalReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** Decides the answer to each body from now on. */
  public void answer(Function<String, Answer> newAnswers) {
    answerRequests(request -> newAnswers.apply(request.body()));
  }

  /** Decides the answer to each request from now on. */
  public void answerRequests(Function<Request, Answer> newAnswers) {
    answers = newAnswers;
  }

  /** All requests received. */
  public List<Request> requests() {
    return requests;
  }

  /** All bodies received that are not empty. */
  public List<String> bodies() {
    return requests.stream().map(Request::body).filter(body -> !body.isEmpty()).toList();
  }

  /** A URL of this server. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> headers = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
      Request request =
          new Request(exchange.getRequestMethod(), exchange.getRequestURI(), headers, body);
      requests.add(request);
      Answer answer = answers.apply(request);
      Thread.sleep(answer.delayMs());
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      boolean noBody = answer.status() == 204 || answer.status() == 304;
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), noBody ? -1 : bytes.length);
      if (!noBody) {
        exchange.getResponseBody().write(bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
