// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.dashboards.index.Indices;
import dev.petrel.service.Topic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns records into the writes that they ask for.
 *
 * <p>Aggregates replace their document, as the bytes they are, under their revision as external
 * version. An alert and the notifications of its incidents are updates of one document that touch
 * different fields, or different entries of a list, so that their order does not matter.
 */
final class Operations {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOTIFICATIONS = "notifications";
  private static final String DECISIONS = "decisions";

  /**
   * Replaces the alert's fields as wholes, where a partial update would merge objects and keep keys
   * of evidence that are gone, and leaves the notifications. A version that comes late, as from an
   * instance that lost its partition while it waited, changes nothing.
   */
  private static final String REPLACE_ALERT =
      "if (ctx._source.updated_at != null && params.alert.updated_at != null"
          + " && params.alert.updated_at < ctx._source.updated_at) { ctx.op = 'none' }"
          + " else { ctx._source.putAll(params.alert) }";

  /** Replaces what one incident says, and leaves what others say: an alert can be in several. */
  private static final String REPLACE_INCIDENT =
      "for (def field : ['notifications', 'decisions']) {"
          + " def list = ctx._source[field];"
          + " def all = list == null ? [] : list instanceof List ? list : [list];"
          + " all.removeIf(each -> each.incident_id == params.incident_id);"
          + " all.addAll(params[field]); ctx._source[field] = all }";

  /** OpenSearch allows no longer id. */
  private static final int LONGEST_ID_BYTES = 512;

  private Operations() {}

  /**
   * The writes that a record asks for; more than one when it is about several documents.
   *
   * @throws IllegalArgumentException when the record is not what its topic promises; says why
   */
  static List<Operation> of(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(Topic.CALL_STATS.topicName())
        || record.topic().equals(Topic.CALL_ROLLUPS.topicName())) {
      return List.of(callStats(record));
    }
    if (record.topic().equals(Topic.ALERTS.topicName())) {
      return List.of(alert(record));
    }
    if (record.topic().equals(Topic.NOTIFICATIONS.topicName())) {
      return notifications(record);
    }
    throw new IllegalArgumentException("topic that is not written: " + record.topic());
  }

  private static Operation callStats(ConsumerRecord<byte[], byte[]> record) {
    CallStats stats = CallStatsCodec.decode(record.value());
    String index = Indices.callStats(stats.windowStart(), stats.windowMs());
    String id = stats.documentId();
    ObjectNode action = JSON.createObjectNode();
    action
        .putObject("index")
        .put("_index", index)
        .put("_id", id)
        .put("version", stats.revision())
        .put("version_type", "external_gte");
    return new Operation(
        Operation.Kind.REPLACE,
        index,
        id,
        "",
        stats.revision(),
        lines(action, onOneLine(record.value())),
        record);
  }

  /** Line ends in JSON are white space: those inside strings are escaped. */
  private static byte[] onOneLine(byte[] json) {
    byte[] copy = json.clone();
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] == '\n' || copy[i] == '\r') {
        copy[i] = ' ';
      }
    }
    return copy;
  }

  private static Operation alert(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode alert = object(record.value());
    alert.remove(List.of(NOTIFICATIONS, DECISIONS));
    ObjectNode update = JSON.createObjectNode();
    update.putObject("script").put("source", REPLACE_ALERT).putObject("params").set("alert", alert);
    update.set("upsert", alert);
    return update(alert, update, "", record);
  }

  private static List<Operation> notifications(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode value = object(record.value());
    String incident = value.path("incident_id").asText("");
    if (incident.isEmpty()
        || !value.path("alerts").isArray()
        || !value.path(NOTIFICATIONS).isArray()) {
      throw new IllegalArgumentException("no 'incident_id', 'alerts' and 'notifications'");
    }
    ObjectNode params = JSON.createObjectNode().put("incident_id", incident);
    for (String field : List.of(NOTIFICATIONS, DECISIONS)) {
      ArrayNode entries = params.putArray(field);
      for (JsonNode entry : value.path(field)) {
        if (entry instanceof ObjectNode object) {
          entries.add(object.put("incident_id", incident));
        }
      }
    }
    List<Operation> operations = new ArrayList<>();
    for (JsonNode member : value.path("alerts")) {
      if (!(member.path("alert") instanceof ObjectNode alert)) {
        throw new IllegalArgumentException("an entry of 'alerts' without object 'alert'");
      }
      ObjectNode update = JSON.createObjectNode();
      update.putObject("script").put("source", REPLACE_INCIDENT).set("params", params);
      // Should they come before the alert itself, the document is complete all the same.
      ObjectNode complete = alert.deepCopy();
      complete.set(NOTIFICATIONS, params.path(NOTIFICATIONS));
      complete.set(DECISIONS, params.path(DECISIONS));
      update.set("upsert", complete);
      operations.add(update(complete, update, incident, record));
    }
    return operations;
  }

  private static Operation update(
      ObjectNode alert, ObjectNode update, String part, ConsumerRecord<byte[], byte[]> record) {
    String id = alert.path("alert_id").asText("");
    if (id.isEmpty() || id.getBytes(StandardCharsets.UTF_8).length > LONGEST_ID_BYTES) {
      throw new IllegalArgumentException(
          "alert_id: must be there and have at most " + LONGEST_ID_BYTES + " bytes");
    }
    JsonNode startsAt = alert.path("starts_at");
    if (!startsAt.isIntegralNumber() || !startsAt.canConvertToLong()) {
      throw new IllegalArgumentException("starts_at: must be there, in ms since the epoch");
    }
    String index = Indices.alerts(startsAt.longValue());
    ObjectNode action = JSON.createObjectNode();
    action.putObject("update").put("_index", index).put("_id", id).put("retry_on_conflict", 3);
    return new Operation(
        Operation.Kind.UPDATE, index, id, part, 0, lines(action, bytes(update)), record);
  }

  private static ObjectNode object(byte[] json) {
    try {
      if (JSON.readTree(json) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    throw new IllegalArgumentException("not a JSON object");
  }

  private static byte[] bytes(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (IOException e) {
      throw new IllegalArgumentException("JSON that cannot be written", e);
    }
  }

  private static byte[] lines(ObjectNode action, byte[] source) {
    byte[] actionLine = bytes(action);
    ByteArrayOutputStream out = new ByteArrayOutputStream(actionLine.length + source.length + 2);
    out.writeBytes(actionLine);
    out.write('\n');
    out.writeBytes(source);
    out.write('\n');
    return out.toByteArray();
  }
}
