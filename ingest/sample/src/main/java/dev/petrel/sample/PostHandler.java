// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;

/** Reads what is posted, and sends an answer. */
abstract class PostHandler implements HttpHandler {

  /** What is sent back. */
  record Answer(int status, String text) {}

  abstract Answer answer(HttpExchange exchange, String body) throws IOException;

  @Override
  public final void handle(HttpExchange exchange) throws IOException {
    try {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      Answer answer =
          "POST".equals(exchange.getRequestMethod())
              ? answer(exchange, body)
              : new Answer(405, "only POST");
      byte[] bytes = (answer.text() + "\n").getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    } finally {
      exchange.close();
    }
  }
}
