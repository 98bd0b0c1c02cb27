// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.RateLimit;
import dev.petrel.event.WireNamed;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A log statement that tells of an LLM call, on its way to become an event. The appenders of all
 * logging frameworks share it.
 *
 * <p>A statement tells of a call when it has the key-value {@code event} = {@code llm_call}. Its
 * other key-values are event fields by name; those with unknown names are ignored, null and blank
 * values are unknown. Values may have the field's Java type, a {@link Duration} for {@code …_ms},
 * an {@link Instant} for {@code timestamp}, or a text form of either. A value that breaks the
 * field's rule makes the whole statement invalid: half an event would count as a different one.
 *
 * <p>Not thread-safe.
 */
public final class CallStatement {

  private static final String KEY = "event";
  private static final String VALUE = "llm_call";

  private final long loggedAt;
  private final LlmCallEvent.Builder builder = LlmCallEvent.newBuilder();

  /** A statement without fields, logged at this time in ms since the epoch. */
  public CallStatement(long loggedAt) {
    this.loggedAt = loggedAt;
  }

  /** Whether a statement with this key-value tells of a call. */
  public static boolean isCall(@Nullable String key, @Nullable Object value) {
    return KEY.equals(key) && value != null && VALUE.equals(value.toString());
  }

  /**
   * Takes a key-value of the statement.
   *
   * @throws InvalidStatementException when the key is a field and the value breaks its rule
   */
  public CallStatement put(@Nullable String key, @Nullable Object value)
      throws InvalidStatementException {
    EventField<?> field = key == null ? null : EventField.named(key);
    // What was dropped is for the publisher alone to tell.
    if (field != null && field != EventField.DROPPED_BEFORE && value != null) {
      try {
        store(field, value);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new InvalidStatementException(field.jsonName(), e);
      }
    }
    return this;
  }

  /**
   * Sets a field that no key-value has set, from MDC or configuration; null and blank are ignored.
   *
   * @throws InvalidStatementException when the value breaks the field's rule
   */
  public CallStatement fallback(EventField<String> field, @Nullable String value)
      throws InvalidStatementException {
    return builder.get(field) == null ? put(field.jsonName(), value) : this;
  }

  /** Takes the class of the logged exception. Not its message: that can quote a prompt or a key. */
  public CallStatement thrown(@Nullable String className) throws InvalidStatementException {
    return fallback(EventField.EXCEPTION_CLASS, className);
  }

  /**
   * The event. Without {@code event_id} it has a random one; without {@code timestamp} the call
   * started {@code duration_ms} before it was logged.
   *
   * @throws InvalidStatementException when {@code outcome} is missing or fields contradict another
   */
  public LlmCallEvent toEvent() throws InvalidStatementException {
    try {
      if (builder.get(EventField.EVENT_ID) == null) {
        builder.set(EventField.EVENT_ID, UUID.randomUUID().toString());
      }
      if (builder.get(EventField.TIMESTAMP) == null) {
        Double duration = builder.get(EventField.DURATION_MS);
        builder.set(EventField.TIMESTAMP, loggedAt - (duration == null ? 0 : Math.round(duration)));
      }
      String missingOr =
          builder.get(EventField.OUTCOME) == null
              ? EventField.OUTCOME.jsonName()
              : EventField.ERROR_TYPE.jsonName();
      return build(missingOr);
    } catch (IllegalArgumentException e) {
      throw new InvalidStatementException(EventField.TIMESTAMP.jsonName(), e);
    }
  }

  private LlmCallEvent build(String fieldAtFault) throws InvalidStatementException {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new InvalidStatementException(fieldAtFault, e);
    }
  }

  private void store(EventField<?> field, Object value) {
    if (field == EventField.ATTRIBUTES && value instanceof Map<?, ?> map) {
      Map<String, String> texts = new LinkedHashMap<>();
      map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
      builder.set(EventField.ATTRIBUTES, texts);
    } else if (field == EventField.RATELIMIT && value instanceof RateLimit rateLimit) {
      builder.set(EventField.RATELIMIT, rateLimit);
    } else {
      String text = text(field, value);
      if (!text.isBlank()) {
        builder.parse(field, text);
      }
    }
  }

  private static String text(EventField<?> field, Object value) {
    if (value instanceof WireNamed constant) {
      return constant.wireName();
    }
    if (value instanceof Duration duration && field.jsonName().endsWith("_ms")) {
      boolean fractional =
          field == EventField.DURATION_MS || field == EventField.TIME_TO_FIRST_CHUNK_MS;
      return fractional
          ? Double.toString(duration.toNanos() / 1e6)
          : Long.toString(duration.toMillis());
    }
    if (value instanceof Instant instant && field == EventField.TIMESTAMP) {
      return Long.toString(instant.toEpochMilli());
    }
    return String.valueOf(value.toString());
  }
}
