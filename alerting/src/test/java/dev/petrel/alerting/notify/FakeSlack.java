// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A Slack channel that behaves as Slack documents: posts, updates by place, threads, history by
 * pages, newest first, with metadata. Failures are queued in front.
 */
final class FakeSlack implements Function<LocalReceiver.Request, LocalReceiver.Answer> {

  static final String CHANNEL = "C0123ABCD";
  static final String TOKEN = "xoxb-very-secret";

  private final Map<String, ObjectNode> messages = new LinkedHashMap<>();
  private final Map<String, List<ObjectNode>> threads = new LinkedHashMap<>();
  private final Map<String, Deque<LocalReceiver.Answer>> failures = new LinkedHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private boolean losesAnswers;
  private int pageSize = 200;
  private int posts;

  /** The next call of a method is answered so, and does nothing. */
  void failNext(String method, LocalReceiver.Answer answer) {
    failures.computeIfAbsent(method, key -> new ArrayDeque<>()).add(answer);
  }

  /** The next call of a method is refused with Slack's word for why. */
  void refuseNext(String method, String error) {
    failNext(method, ok("{\"ok\":false,\"error\":\"" + error + "\"}"));
  }

  /** Posts are made, and their answers are lost. */
  void loseAnswers(boolean lose) {
    losesAnswers = lose;
  }

  void pageSize(int size) {
    pageSize = size;
  }

  static LocalReceiver.Answer ok(String json) {
    return new LocalReceiver.Answer(200, Map.of(), json, 0);
  }

  @Override
  public synchronized LocalReceiver.Answer apply(LocalReceiver.Request request) {
    String method = request.uri().getPath().replaceFirst(".*/", "");
    calls.add(method);
    if (!request.header("authorization").equals("Bearer " + TOKEN)) {
      return ok("{\"ok\":false,\"error\":\"invalid_auth\"}");
    }
    Deque<LocalReceiver.Answer> queued = failures.getOrDefault(method, new ArrayDeque<>());
    if (!queued.isEmpty()) {
      return queued.remove();
    }
    return switch (method) {
      case "chat.postMessage" -> post(read(request.body()));
      case "chat.update" -> update(read(request.body()));
      case "conversations.history" -> history(request.uri().getQuery());
      default -> ok("{\"ok\":false,\"error\":\"unknown_method\"}");
    };
  }

  private static ObjectNode read(String body) {
    try {
      return (ObjectNode) Json.mapper().readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private LocalReceiver.Answer post(ObjectNode message) {
    SlackRules.assertValid(message);
    String ts = "1700000%03d.000100".formatted(++posts);
    String thread = message.path("thread_ts").asText("");
    if (thread.isEmpty()) {
      messages.put(ts, message.put("ts", ts));
    } else if (messages.containsKey(thread)) {
      threads.computeIfAbsent(thread, key -> new ArrayList<>()).add(message);
    } else {
      return ok("{\"ok\":false,\"error\":\"thread_not_found\"}");
    }
    return losesAnswers
        ? new LocalReceiver.Answer(502, Map.of(), "bad gateway", 0)
        : ok("{\"ok\":true,\"channel\":\"" + CHANNEL + "\",\"ts\":\"" + ts + "\"}");
  }

  private LocalReceiver.Answer update(ObjectNode message) {
    SlackRules.assertValid(message);
    String ts = message.path("ts").asText();
    if (!messages.containsKey(ts)) {
      return ok("{\"ok\":false,\"error\":\"message_not_found\"}");
    }
    messages.put(ts, message);
    return ok("{\"ok\":true,\"channel\":\"" + CHANNEL + "\",\"ts\":\"" + ts + "\"}");
  }

  private LocalReceiver.Answer history(String query) {
    int from =
        query.contains("cursor=") ? Integer.parseInt(query.replaceFirst(".*cursor=c", "")) : 0;
    List<ObjectNode> newestFirst = new ArrayList<>(messages.values()).reversed();
    ObjectNode answer = Json.mapper().createObjectNode().put("ok", true);
    ArrayNode page = answer.putArray("messages");
    int to = Math.min(newestFirst.size(), from + pageSize);
    for (ObjectNode message : newestFirst.subList(from, to)) {
      ObjectNode shown = page.addObject();
      shown.set("ts", message.get("ts"));
      shown.put("reply_count", thread(message.path("ts").asText()).size());
      if (query.contains("include_all_metadata=true") && message.has("metadata")) {
        shown.set("metadata", message.get("metadata"));
      }
    }
    answer
        .putObject("response_metadata")
        .put("next_cursor", to < newestFirst.size() ? "c" + to : "");
    return ok(answer.toString());
  }

  /** The messages of the channel. */
  synchronized List<JsonNode> messages() {
    return List.copyOf(messages.values());
  }

  /** A message is deleted by somebody. */
  synchronized void delete(String ts) {
    messages.remove(ts);
  }

  /** The entries of a thread. */
  synchronized List<JsonNode> thread(String ts) {
    return List.copyOf(threads.getOrDefault(ts, List.of()));
  }

  /** The methods called so far. */
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }
}
