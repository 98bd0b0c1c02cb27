// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One attempt of one LLM API call: an immutable set of {@link EventField} values.
 *
 * <p>
 *
 * {@snippet :
 * LlmCallEvent event =
 *     LlmCallEvent.newBuilder()
 *         .set(EventField.EVENT_ID, spanId)
 *         .set(EventField.TIMESTAMP, startedAt.toEpochMilli())
 *         .set(EventField.OUTCOME, Outcome.SUCCESS)
 *         .set(EventField.TENANT, "acme")
 *         .build();
 * }
 *
 * <p>Thread-safe.
 */
public final class LlmCallEvent {

  private final @Nullable Object[] values;

  private LlmCallEvent(@Nullable Object[] values) {
    this.values = values;
  }

  /** A builder without any value but the schema version. */
  public static Builder newBuilder() {
    return new Builder(new @Nullable Object[EventField.all().size()]).set(EventField.V, 1L);
  }

  /** A builder that starts with this event's values. */
  public Builder toBuilder() {
    return new Builder(values.clone());
  }

  /** The value of {@code field}, null when it is unknown. */
  @SuppressWarnings("unchecked") // the builder stores only checked values of the field
  public <T> @Nullable T get(EventField<T> field) {
    return (T) values[field.index()];
  }

  /** The value of a count or measure, {@code unknown} when there is none. */
  public long get(EventField<Long> field, long unknown) {
    Long value = get(field);
    return value == null ? unknown : value;
  }

  /** The attempt's unique id. */
  public String eventId() {
    return requireNonNull(get(EventField.EVENT_ID), "event_id");
  }

  /** When the attempt started, in ms since the epoch. */
  public long timestamp() {
    return requireNonNull(get(EventField.TIMESTAMP), "timestamp");
  }

  /** How the attempt ended. */
  public Outcome outcome() {
    return requireNonNull(get(EventField.OUTCOME), "outcome");
  }

  @Nullable Object valueAt(int index) {
    return values[index];
  }

  /** Names the event without its content. */
  @Override
  public String toString() {
    return "LlmCallEvent{" + eventId() + " " + outcome().wireName() + "}";
  }

  /** Collects the values of an event. Not thread-safe. */
  public static final class Builder {
    private static final @Nullable Object[] NO_VALUES = {};

    private @Nullable Object[] values;

    private Builder(@Nullable Object[] values) {
      this.values = values;
    }

    /**
     * Sets a field, or unsets it when {@code value} is null.
     *
     * @throws IllegalArgumentException when the value breaks the field's rule; names both
     */
    public <T> Builder set(EventField<T> field, @Nullable T value) {
      try {
        values[field.index()] = value == null ? null : field.checked(value);
        return this;
      } catch (FieldType.Violation e) {
        throw new IllegalArgumentException(field + ": " + e.rule(), e);
      }
    }

    /**
     * Sets a field from its text form, as CSV columns and log key-values have it.
     *
     * @throws IllegalArgumentException when the text is no value of the field; names both
     */
    public <T> Builder parse(EventField<T> field, String text) {
      try {
        values[field.index()] = field.parse(text);
        return this;
      } catch (FieldType.Violation e) {
        throw new IllegalArgumentException(field + ": " + e.rule(), e);
      }
    }

    /**
     * Sets a field from a number or a boolean, as log key-values have it.
     *
     * @return false when the object is neither or does not fit the field's type; its text form may
     *     still be a value, see {@link #parse}
     * @throws IllegalArgumentException when the value breaks the field's rule; names both
     */
    public <T> boolean convert(EventField<T> field, Object value) {
      try {
        T converted = field.converted(value);
        if (converted == null) {
          return false;
        }
        values[field.index()] = converted;
        return true;
      } catch (FieldType.Violation e) {
        throw new IllegalArgumentException(field + ": " + e.rule(), e);
      }
    }

    /** The value set so far, null when none is. */
    @SuppressWarnings("unchecked") // only checked values of the field are stored
    public <T> @Nullable T get(EventField<T> field) {
      return (T) values[field.index()];
    }

    /** Stores a value that its field's type has just read. */
    void setRead(EventField<?> field, Object value) {
      values[field.index()] = value;
    }

    /**
     * Builds the event; the builder is then empty and of no further use.
     *
     * @throws IllegalArgumentException when a required field is missing or two fields contradict
     *     each other
     */
    public LlmCallEvent build() {
      try {
        return buildValid();
      } catch (InvalidEventException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }

    LlmCallEvent buildValid() throws InvalidEventException {
      for (EventField<?> field : EventField.required()) {
        if (values[field.index()] == null) {
          throw new InvalidEventException(
              InvalidEventException.Reason.MISSING_FIELD, field.jsonName(), "is required");
        }
      }
      Outcome outcome = requireNonNull(get(EventField.OUTCOME), "outcome");
      if (values[EventField.ERROR_TYPE.index()] != null && !outcome.mayHaveErrorType()) {
        throw new InvalidEventException(
            InvalidEventException.Reason.IMPOSSIBLE_VALUE,
            EventField.ERROR_TYPE.jsonName(),
            "only goes with outcome error, cancelled or refused, not " + outcome.wireName());
      }
      LlmCallEvent event = new LlmCallEvent(values);
      values = NO_VALUES;
      return event;
    }
  }
}
