// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a foreign log is which field of the event: {@code field=column,…}.
 *
 * <p>Besides event fields there is {@code error}, a boolean column: true is outcome {@code error}
 * of type {@code unknown} (unless {@code error_type} is mapped too). A log without {@code outcome}
 * and {@code error} tells nothing of failures: its rows are taken for successes. A column that is
 * absent or empty leaves its field unknown.
 */
public final class FieldMapping {

  /** The one name on the left that is no event field. */
  static final String ERROR = "error";

  private final Map<EventField<?>, String> columns;
  private final @Nullable String errorColumn;

  private FieldMapping(Map<EventField<?>, String> columns, @Nullable String errorColumn) {
    this.columns = columns;
    this.errorColumn = errorColumn;
  }

  /**
   * Reads the mapping from its command-line form.
   *
   * @throws IllegalArgumentException naming the part that is wrong, and what is allowed
   */
  public static FieldMapping parse(String text) {
    Map<EventField<?>, String> columns = new LinkedHashMap<>();
    String errorColumn = null;
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0 || equals == pair.length() - 1) {
        throw new IllegalArgumentException(
            "--map: '" + pair + "' is not field=column; write for example tenant=customer_id");
      }
      String name = pair.substring(0, equals).strip();
      String column = pair.substring(equals + 1).strip();
      EventField<?> field = EventField.named(name);
      if (name.equals(ERROR)) {
        errorColumn = column;
      } else if (field == null || field == EventField.V) {
        throw new IllegalArgumentException(
            "--map: '%s' is no event field; known are error, %s"
                .formatted(name, String.join(", ", fieldNames())));
      } else if (columns.put(field, column) != null) {
        throw new IllegalArgumentException("--map: '" + name + "' is mapped twice");
      }
    }
    if (!columns.containsKey(EventField.TIMESTAMP)) {
      throw new IllegalArgumentException(
          "--map: timestamp is missing; write timestamp=COLUMN (ISO-8601, or epoch s, ms or µs)");
    }
    return new FieldMapping(columns, errorColumn);
  }

  private static List<String> fieldNames() {
    List<String> names = new ArrayList<>();
    for (EventField<?> field : EventField.all()) {
      if (field != EventField.V) {
        names.add(field.jsonName());
      }
    }
    return names;
  }

  /** The columns that are read. */
  List<String> columns() {
    List<String> all = new ArrayList<>(columns.values());
    if (errorColumn != null) {
      all.add(errorColumn);
    }
    return all;
  }

  /**
   * Makes an event of a row.
   *
   * @param row gives the text of a column, null when the row has none
   * @throws IllegalArgumentException naming field, column and rule when a value cannot be used
   */
  LlmCallEvent.Builder map(Function<String, @Nullable String> row) {
    LlmCallEvent.Builder event = LlmCallEvent.newBuilder();
    for (Map.Entry<EventField<?>, String> entry : columns.entrySet()) {
      EventField<?> field = entry.getKey();
      String text = textOf(row, entry.getValue());
      if (text != null) {
        set(event, field, entry.getValue(), text);
      }
    }
    if (event.get(EventField.TIMESTAMP) == null) {
      throw new IllegalArgumentException(
          "timestamp: column " + columns.get(EventField.TIMESTAMP) + " is empty or absent");
    }
    Outcome outcome = event.get(EventField.OUTCOME);
    if (outcome == null) {
      setOutcome(event, row);
    } else if (event.get(EventField.ERROR_TYPE) != null && !outcome.mayHaveErrorType()) {
      throw new IllegalArgumentException(
          "error_type: does not go with outcome " + outcome.wireName());
    }
    return event;
  }

  private static void set(
      LlmCallEvent.Builder event, EventField<?> field, String column, String text) {
    try {
      if (field == EventField.TIMESTAMP) {
        event.set(EventField.TIMESTAMP, Times.parse(text));
      } else {
        event.parse(field, text);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + " (column " + column + ")", e);
    }
  }

  private void setOutcome(LlmCallEvent.Builder event, Function<String, @Nullable String> row) {
    String text = errorColumn == null ? null : textOf(row, errorColumn);
    boolean failed = text != null && isTrue(text);
    if (failed || event.get(EventField.ERROR_TYPE) != null) {
      event.set(EventField.OUTCOME, Outcome.ERROR);
      if (event.get(EventField.ERROR_TYPE) == null) {
        event.set(EventField.ERROR_TYPE, ErrorType.UNKNOWN);
      }
    } else {
      event.set(EventField.OUTCOME, Outcome.SUCCESS);
    }
  }

  private boolean isTrue(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "1" -> true;
      case "false", "f", "no", "n", "0" -> false;
      default ->
          throw new IllegalArgumentException(
              "error: must be true or false, yes or no, 1 or 0 (column " + errorColumn + ")");
    };
  }

  private static @Nullable String textOf(Function<String, @Nullable String> row, String column) {
    String text = row.apply(column);
    return text == null || text.isBlank() ? null : text;
  }
}
