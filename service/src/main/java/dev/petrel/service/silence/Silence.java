// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service.silence;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.service.match.Matcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Keeps new notifications about some alerts back for some time: a record of {@code llm-silences}.
 * It says nothing of what has been notified already: updates and the end of that are told all the
 * same.
 *
 * @param id its key
 * @param matchers which alerts; all must hold
 * @param startsAt from when on, in ms since the epoch
 * @param endsAt until when, exclusive, in ms since the epoch
 * @param createdBy who wants it
 * @param comment why
 */
public record Silence(
    String id,
    List<Matcher> matchers,
    long startsAt,
    long endsAt,
    String createdBy,
    String comment) {

  /** How long a silence stays in the topic after its end, for those who ask what was silent. */
  public static final Duration KEPT = Duration.ofDays(5);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_MATCHERS = 50;
  private static final int MAX_TEXT = 2_000;

  public Silence {
    requireNonNull(id, "id");
    matchers = List.copyOf(matchers);
    createdBy = createdBy.strip();
    comment = comment.strip();
    if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          "id: '%s' is not allowed; must be 1 to 100 letters, digits, dots, - or _".formatted(id));
    }
    if (matchers.size() > MAX_MATCHERS || Matcher.all(matchers, Map.of())) {
      throw new IllegalArgumentException(
          "matchers: must be 1 to %d, of which at least one asks for a label that is there, else all alerts would be silent"
              .formatted(MAX_MATCHERS));
    }
    if (startsAt < 0 || endsAt < startsAt) {
      throw new IllegalArgumentException(
          "ends_at: %d must not be before starts_at %d".formatted(endsAt, startsAt));
    }
    checkText("created_by", createdBy);
    checkText("comment", comment);
  }

  private static void checkText(String field, String text) {
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "%s: must have 1 to %d characters".formatted(field, MAX_TEXT));
    }
  }

  /** An id for a new silence. */
  public static String newId() {
    return UUID.randomUUID().toString();
  }

  /** Whether it is in force. */
  public boolean isActive(long now) {
    return startsAt <= now && now < endsAt;
  }

  /** Whether it is over. */
  public boolean isExpired(long now) {
    return endsAt <= now;
  }

  /** The same, over now at the latest; one that has not begun never begins. */
  public Silence expired(long now) {
    long end = Math.min(endsAt, now);
    return new Silence(id, matchers, Math.min(startsAt, end), end, createdBy, comment);
  }

  /** {@code pending}, {@code active} or {@code expired}. */
  public String state(long now) {
    return isExpired(now) ? "expired" : isActive(now) ? "active" : "pending";
  }

  /** Its JSON: times in ms since the epoch, matchers as text. */
  public ObjectNode toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", id);
    ArrayNode list = json.putArray("matchers");
    matchers.forEach(matcher -> list.add(matcher.toString()));
    json.put("starts_at", startsAt);
    json.put("ends_at", endsAt);
    json.put("created_by", createdBy);
    json.put("comment", comment);
    return json;
  }

  /** Its JSON, UTF-8. */
  public byte[] toBytes() {
    try {
      return JSON.writeValueAsBytes(toJson());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers can be written", e);
    }
  }

  /**
   * Reads {@link #toBytes}.
   *
   * @throws IllegalArgumentException when it is no silence; says why
   */
  public static Silence fromBytes(byte[] bytes) {
    JsonNode json;
    try {
      json = JSON.readTree(bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    List<Matcher> matchers = new ArrayList<>();
    json.path("matchers").forEach(text -> matchers.add(Matcher.parse(text.asText())));
    return new Silence(
        json.path("id").asText(),
        matchers,
        json.path("starts_at").asLong(-1),
        json.path("ends_at").asLong(-1),
        json.path("created_by").asText(),
        json.path("comment").asText());
  }
}
