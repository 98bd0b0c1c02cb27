// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything about the alerts of a notice as JSON, for receivers that show or keep it.
 *
 * <p>Where a receiver bounds the size, detail is given up step by step: first long texts and lists
 * are cut, then the last alerts of a group are only counted. Something of the first alert is always
 * left.
 */
final class Details {

  /** How much is kept: chars of a text, and entries of a list or object. */
  private record Step(int maxText, int maxEntries) {}

  private static final List<Step> STEPS =
      List.of(
          new Step(Integer.MAX_VALUE, Integer.MAX_VALUE),
          new Step(4_000, 200),
          new Step(1_000, 100),
          new Step(300, 30),
          new Step(100, 10));

  private static final int MAX_NAME = 200;

  /** Evidence is flat or nearly so; what is deeper is left out once anything must be. */
  private static final int MAX_DEPTH = 6;

  private final Links links;

  Details(Links links) {
    this.links = links;
  }

  /**
   * The largest body that fits.
   *
   * @param body makes the body of {@code {"alerts":[…],"total":n}}, to which {@code "omitted"} is
   *     added when not all alerts are in the list
   * @param maxBytes must have room for the rest of the body and about 20 KB
   */
  byte[] fit(Notice notice, int maxBytes, Function<ObjectNode, ObjectNode> body) {
    byte[] bytes = new byte[0];
    for (Step step : STEPS) {
      bytes = Json.bytes(body.apply(of(notice.alerts(), notice.alerts().size(), step)));
      if (bytes.length <= maxBytes) {
        return bytes;
      }
    }
    Step last = STEPS.get(STEPS.size() - 1);
    for (int listed = notice.alerts().size() / 2; listed >= 1; listed /= 2) {
      bytes = Json.bytes(body.apply(of(notice.alerts(), listed, last)));
      if (bytes.length <= maxBytes) {
        return bytes;
      }
    }
    return bytes;
  }

  private ObjectNode of(List<Alert> alerts, int listed, Step step) {
    ObjectNode all = Json.mapper().createObjectNode();
    all.put("total", alerts.size());
    if (listed < alerts.size()) {
      all.put("omitted", alerts.size() - listed);
    }
    ArrayNode list = all.putArray("alerts");
    for (Alert alert : alerts.subList(0, listed)) {
      list.add(document(alert, step));
    }
    return all;
  }

  /** The alert's own fields are always all there. */
  private ObjectNode document(Alert alert, Step step) {
    ObjectNode json = Json.mapper().valueToTree(alert);
    json.properties().forEach(field -> field.setValue(cut(field.getValue(), step, MAX_DEPTH)));
    json.put("starts_at", time(alert.startsAt()));
    json.put("fired_at", time(alert.firedAt()));
    json.put("updated_at", time(alert.updatedAt()));
    if (alert.endsAt() != null) {
      json.put("ends_at", time(alert.endsAt()));
    }
    return json.put("incident_url", links.incident(alert));
  }

  /** A time as ISO 8601 in UTC. */
  static String time(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }

  private static JsonNode cut(JsonNode node, Step step, int depth) {
    boolean tooDeep = depth == 0;
    return switch (node.getNodeType()) {
      case STRING -> TextNode.valueOf(PlainText.shortened(node.asText(), step.maxText()));
      case ARRAY -> {
        ArrayNode list = Json.mapper().createArrayNode();
        Iterator<JsonNode> entries = node.elements();
        while (!tooDeep && entries.hasNext() && list.size() < step.maxEntries()) {
          list.add(cut(entries.next(), step, depth - 1));
        }
        yield list;
      }
      case OBJECT -> {
        ObjectNode object = Json.mapper().createObjectNode();
        Iterator<Map.Entry<String, JsonNode>> entries = node.properties().iterator();
        while (!tooDeep && entries.hasNext() && object.size() < step.maxEntries()) {
          Map.Entry<String, JsonNode> entry = entries.next();
          object.set(
              PlainText.shortened(entry.getKey(), Math.min(step.maxText(), MAX_NAME)),
              cut(entry.getValue(), step, depth - 1));
        }
        yield object;
      }
      default -> node;
    };
  }
}
