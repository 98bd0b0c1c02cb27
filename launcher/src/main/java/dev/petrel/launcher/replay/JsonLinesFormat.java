// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line, of any shape. A column is a member's name, or a path with dots into
 * nested objects.
 */
public final class JsonLinesFormat implements RecordingFormat {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final FieldMapping mapping;

  /** Reads rows by {@code mapping}. */
  public JsonLinesFormat(FieldMapping mapping) {
    this.mapping = mapping;
  }

  @Override
  public void read(InputStream in, Recording.RowConsumer rows) throws IOException {
    LineReader lines = new LineReader(in);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      long row = lines.number();
      try {
        JsonNode object = JSON.readTree(line);
        if (!object.isObject()) {
          rows.reject(new RejectedRow(row, line, "not a JSON object"));
          continue;
        }
        rows.accept(new RecordedCall(row, mapping.map(column -> text(object, column))));
      } catch (JacksonException e) {
        rows.reject(new RejectedRow(row, line, "not JSON"));
      } catch (IllegalArgumentException e) {
        rows.reject(new RejectedRow(row, line, String.valueOf(e.getMessage())));
      }
    }
  }

  private static @Nullable String text(JsonNode object, String column) {
    JsonNode node = object.get(column);
    if (node == null && column.indexOf('.') > 0) {
      node = object;
      for (String name : column.split("\\.", -1)) {
        node = node == null ? null : node.get(name);
      }
    }
    if (node == null || node.isNull()) {
      return null;
    }
    if (node.isContainerNode()) {
      throw new IllegalArgumentException("column " + column + " is an object or a list");
    }
    return node.asText();
  }
}
