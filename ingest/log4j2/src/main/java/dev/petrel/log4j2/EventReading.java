// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import dev.petrel.event.EventField;
import dev.petrel.publisher.CallStatement;
import dev.petrel.publisher.InvalidStatementException;
import java.util.Map;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.message.MapMessage;
import org.apache.logging.log4j.util.IndexedReadOnlyStringMap;
import org.apache.logging.log4j.util.ReadOnlyStringMap;
import org.jspecify.annotations.Nullable;

/** What Log4j2's log events hold of a call. */
final class EventReading {
  private EventReading() {}

  /** Key-values are those of the message; the context is the ThreadContext. */
  static void ofMessage(LogEvent event, MapMessage<?, ?> message, CallStatement statement)
      throws InvalidStatementException {
    IndexedReadOnlyStringMap keyValues = message.getIndexedReadOnlyStringMap();
    for (int i = 0; i < keyValues.size(); i++) {
      statement.put(keyValues.getKeyAt(i), keyValues.getValueAt(i));
    }
    ReadOnlyStringMap context = event.getContextData();
    if (context != null) {
      statement.context(name -> text(context, name));
    }
    thrown(event, statement);
  }

  /**
   * The context data hold key-values and ThreadContext in one, as text. So every field in there
   * counts as told by the statement, but for the user: that is a raw id for all one can know.
   */
  static void ofContext(LogEvent event, ReadOnlyStringMap context, CallStatement statement)
      throws InvalidStatementException {
    String user = EventField.USER.jsonName();
    for (Map.Entry<String, String> entry : context.toMap().entrySet()) {
      if (!entry.getKey().equals(user) && !isNull(entry.getValue())) {
        statement.put(entry.getKey(), entry.getValue());
      }
    }
    statement.context(name -> text(context, name)).rawUser(text(context, user));
    thrown(event, statement);
  }

  private static @Nullable String text(ReadOnlyStringMap context, String name) {
    Object value = context.getValue(name);
    return value == null || isNull(value.toString()) ? null : value.toString();
  }

  /** What {@code addKeyValue(name, null)} leaves. */
  private static boolean isNull(@Nullable String text) {
    return text == null || text.equals("null");
  }

  private static void thrown(LogEvent event, CallStatement statement)
      throws InvalidStatementException {
    Throwable thrown = event.getThrown();
    if (thrown != null) {
      statement.thrown(thrown.getClass().getName());
    }
  }
}
