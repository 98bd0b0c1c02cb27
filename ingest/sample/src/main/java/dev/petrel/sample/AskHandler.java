// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * {@code POST /ask} with {@code {"question": "…"}}, on behalf of the tenant and the user in the
 * headers {@code X-Tenant} and {@code X-User}. They go into the MDC, where the service's own log
 * and Petrel find them.
 */
final class AskHandler extends PostHandler {

  private static final Logger LOG = LoggerFactory.getLogger(AskHandler.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Assistant assistant;

  AskHandler(Assistant assistant) {
    this.assistant = assistant;
  }

  @Override
  Answer answer(HttpExchange exchange, String body) throws IOException {
    put("tenant", exchange.getRequestHeaders().getFirst("X-Tenant"));
    put("user", exchange.getRequestHeaders().getFirst("X-User"));
    try {
      String question = question(body);
      return question == null
          ? json(400, "error", "send {\"question\": \"…\"}")
          : json(200, "answer", assistant.answer(question));
    } catch (Exception e) {
      LOG.warn("no answer: {}", e.getClass().getSimpleName());
      return json(502, "error", "the provider gave no answer");
    } finally {
      MDC.clear();
    }
  }

  private static void put(String key, @Nullable String value) {
    if (value != null) {
      MDC.put(key, value);
    }
  }

  private static @Nullable String question(String body) {
    try {
      JsonNode question = JSON.readTree(body).path("question");
      return question.isTextual() ? question.textValue() : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static Answer json(int status, String name, String text) throws IOException {
    return new Answer(status, JSON.writeValueAsString(Map.of(name, text)));
  }
}
