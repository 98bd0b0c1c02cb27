// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.RateLimit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A log statement that tells of an LLM call, on its way to become an event. The appenders of all
 * logging frameworks share it.
 *
 * <p>A statement tells of a call when it has the key-value {@code event} = {@code llm_call}. Its
 * other key-values are event fields by name; those with unknown names are ignored unless they are
 * configured to become {@code attributes}, null and blank values are unknown. Values may have the
 * field's Java type, a {@link java.time.Duration} for {@code …_ms}, an {@link java.time.Instant}
 * for {@code timestamp}, or a text form of either. A value that breaks the field's rule makes the
 * whole statement invalid: half an event would count as a different one.
 *
 * <p>Not thread-safe.
 */
public final class CallStatement {

  /** The key by which a statement tells of a call. */
  public static final String KEY = "event";

  private static final String VALUE = "llm_call";
  private static final Pattern HASHED = Pattern.compile("\\p{XDigit}{16,}");

  private final long loggedAt;
  private final StatementRules rules;
  private final LlmCallEvent.Builder builder = LlmCallEvent.newBuilder();

  /** A statement without fields, logged at this time in ms since the epoch. */
  CallStatement(long loggedAt, StatementRules rules) {
    this.loggedAt = loggedAt;
    this.rules = rules;
  }

  /** Whether a statement with this key-value tells of a call. */
  public static boolean isCall(@Nullable String key, @Nullable Object value) {
    return KEY.equals(key) && value instanceof CharSequence text && VALUE.contentEquals(text);
  }

  /**
   * Takes a key-value of the statement.
   *
   * <p>{@code user} is taken for hashed by the application, unless hashing is configured and it
   * does not look like a hash, which is 16 or more hexadecimal digits: then it is hashed.
   *
   * @throws InvalidStatementException when the key is a field and the value breaks its rule
   */
  public CallStatement put(@Nullable String key, @Nullable Object value)
      throws InvalidStatementException {
    if (key == null || value == null) {
      return this;
    }
    EventField<?> field = EventField.named(key);
    if (field == null) {
      return rules.attributes().contains(key) ? attribute(key, value) : this;
    }
    // What was dropped is for the publisher alone to tell.
    if (field != EventField.DROPPED_BEFORE) {
      try {
        store(field, value);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new InvalidStatementException(field.jsonName(), e);
      }
    }
    return this;
  }

  /**
   * Takes from the log context (MDC, ThreadContext) what no key-value has told: tenant, user and
   * attributes, under the names that are configured. The user is taken for a raw id.
   *
   * @param context the context's value for a name, null when it has none
   * @throws InvalidStatementException when a value breaks its field's rule
   */
  public CallStatement context(Function<String, @Nullable String> context)
      throws InvalidStatementException {
    fallback(EventField.TENANT, context.apply(rules.tenantKey()));
    rawUser(context.apply(rules.userKey()));
    for (String name : rules.attributes()) {
      Map<String, String> told = builder.get(EventField.ATTRIBUTES);
      String value = context.apply(name);
      if (value != null && (told == null || !told.containsKey(name))) {
        attribute(name, value);
      }
    }
    return this;
  }

  /** Takes a raw user id, if no user is told: hashed, or not at all where no key is configured. */
  public CallStatement rawUser(@Nullable String id) {
    UnaryOperator<String> userHash = rules.userHash();
    if (userHash != null && id != null && !id.isBlank() && builder.get(EventField.USER) == null) {
      builder.set(EventField.USER, userHash.apply(id));
    }
    return this;
  }

  /** Takes the class of the logged exception. Not its message: that can quote a prompt or a key. */
  public CallStatement thrown(@Nullable String className) throws InvalidStatementException {
    return fallback(EventField.EXCEPTION_CLASS, className);
  }

  /** Sets a field that is not told yet. */
  private CallStatement fallback(EventField<String> field, @Nullable String value)
      throws InvalidStatementException {
    return builder.get(field) == null ? put(field.jsonName(), value) : this;
  }

  private CallStatement attribute(String name, Object value) throws InvalidStatementException {
    String text = String.valueOf(value.toString());
    return text.isBlank() ? this : put(EventField.ATTRIBUTES.jsonName(), Map.of(name, text));
  }

  /**
   * The call, checked. Without {@code event_id} its event gets a random one; without {@code
   * timestamp} it started {@code duration_ms} before it was logged.
   *
   * @throws InvalidStatementException when {@code outcome} is missing or fields contradict another
   */
  PendingCall toCall() throws InvalidStatementException {
    for (Map.Entry<EventField<String>, String> entry : rules.defaults().entrySet()) {
      fallback(entry.getKey(), entry.getValue());
    }
    try {
      boolean unnamed = builder.get(EventField.EVENT_ID) == null;
      if (unnamed) {
        builder.set(EventField.EVENT_ID, UnnamedCall.PLACEHOLDER);
      }
      if (builder.get(EventField.TIMESTAMP) == null) {
        Double duration = builder.get(EventField.DURATION_MS);
        builder.set(EventField.TIMESTAMP, loggedAt - (duration == null ? 0 : Math.round(duration)));
      }
      String missingOr =
          builder.get(EventField.OUTCOME) == null
              ? EventField.OUTCOME.jsonName()
              : EventField.ERROR_TYPE.jsonName();
      BuiltCall call = new BuiltCall(build(missingOr));
      return unnamed ? new UnnamedCall(call) : call;
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
      Map<String, String> told = builder.get(EventField.ATTRIBUTES);
      Map<String, String> texts = new LinkedHashMap<>(told == null ? Map.of() : told);
      map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
      builder.set(EventField.ATTRIBUTES, texts);
    } else if (field == EventField.RATELIMIT && value instanceof RateLimit rateLimit) {
      builder.set(EventField.RATELIMIT, rateLimit);
    } else if (!builder.convert(field, value)) {
      String text = FieldText.of(field, value);
      if (!text.isBlank()) {
        builder.parse(field, field == EventField.USER ? hashed(text) : text);
      }
    }
  }

  private String hashed(String user) {
    UnaryOperator<String> userHash = rules.userHash();
    return userHash == null || HASHED.matcher(user).matches() ? user : userHash.apply(user);
  }
}
