// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads values of a YAML or JSON file, and says where those are that are wrong. */
final class PriceFileParser implements AutoCloseable {
  private static final Pattern LINE = Pattern.compile("line (\\d+), column");

  private final String fileName;
  private final JsonParser parser;
  private final boolean yaml;

  PriceFileParser(String fileName, Reader reader) throws IOException {
    this.fileName = fileName;
    String lowerCase = fileName.toLowerCase(Locale.ROOT);
    yaml = lowerCase.endsWith(".yaml") || lowerCase.endsWith(".yml");
    if (!yaml && !lowerCase.endsWith(".json")) {
      throw new InvalidPriceFileException(
          fileName + ": the name must end in .yaml, .yml or .json", null);
    }
    try {
      parser = yaml ? YamlFormat.parser(reader) : new JsonFactory().createParser(reader);
    } catch (NoClassDefFoundError e) {
      throw new InvalidPriceFileException(
          fileName
              + ": reading YAML needs com.fasterxml.jackson.dataformat:jackson-dataformat-yaml on"
              + " the class path; add it, or write the same as JSON in a file named .json",
          e);
    }
  }

  /** Takes the values of an object, each under its key. */
  interface Members {
    /**
     * Reads the value of {@code key}, which is at {@code path}; false when there is no such key.
     */
    boolean read(String key, String path) throws IOException;
  }

  /** Takes the elements of an array. */
  interface Elements {
    void read(String path) throws IOException;
  }

  /** Advances; null at the end. */
  @Nullable JsonToken next(String path) throws IOException {
    try {
      JsonToken token = parser.nextToken();
      if (yaml && token == JsonToken.VALUE_STRING && YamlFormat.isAlias(parser)) {
        throw invalid(path, "*" + parser.getText() + " must be in quotes, as * is special in YAML");
      }
      return token;
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  /** Reads an object, the parser standing at its begin. */
  void readObject(String path, String allowed, Members members) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw invalid(path, shown() + " must be a map with these keys: " + allowed);
    }
    Set<String> seen = new HashSet<>();
    while (next(path) != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      if (!seen.add(key)) {
        throw invalid(keyPath, "is there twice");
      }
      InvalidPriceFileException unknown = invalid(keyPath, "is no key; allowed are " + allowed);
      next(keyPath);
      if (!members.read(key, keyPath)) {
        throw unknown;
      }
    }
  }

  /** Reads an array, the parser standing at its begin. */
  void readArray(String path, Elements elements) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw invalid(path, shown() + " must be a list");
    }
    for (int i = 0; next(path) != JsonToken.END_ARRAY; i++) {
      elements.read(path + "[" + i + "]");
    }
  }

  String text(String path) throws IOException {
    String text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText().trim() : "";
    if (text.isEmpty() || text.length() > PriceTable.MAX_NAME_LENGTH) {
      throw invalid(
          path, shown() + " must be a text of 1 to " + PriceTable.MAX_NAME_LENGTH + " characters");
    }
    return text;
  }

  /** A whole number, from {@code least} on. */
  long count(String path, long least) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      try {
        long count = parser.getLongValue();
        if (count >= least) {
          return count;
        }
      } catch (JsonProcessingException e) {
        // Does not fit a long.
      }
    }
    throw invalid(path, shown() + " must be a whole number from " + least + " on");
  }

  /** A price in USD per million tokens, as pico-USD per token. */
  long price(String path) throws IOException {
    String rule = "";
    if (isNumber()) {
      try {
        BigDecimal price = parser.getDecimalValue();
        return UsdPerMillion.toPicoPerToken(price);
      } catch (JsonProcessingException | NumberFormatException e) {
        rule = " (no decimal number)";
      } catch (ArithmeticException e) {
        rule = " (" + e.getMessage() + ")";
      }
    }
    throw invalid(
        path,
        shown()
            + " is no price"
            + rule
            + "; allowed are USD per million tokens, from 0 to 100000 with 6 decimals at most, such"
            + " as 2.5. A price per token, such as 2.5e-06, times a million");
  }

  /** What is no YAML or no JSON; the libraries' messages have lines that quote the file. */
  private InvalidPriceFileException malformed(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage());
    String said =
        message
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith(" "))
            .collect(Collectors.joining(": "));
    String line = "";
    for (Matcher place = LINE.matcher(message); place.find(); ) {
      line = place.group(1);
    }
    if (line.isEmpty()) {
      line = String.valueOf(e.getLocation() == null ? 1 : e.getLocation().getLineNr());
    }
    return new InvalidPriceFileException(fileName + ":" + line + ": " + said, e);
  }

  InvalidPriceFileException invalid(String path, String rule) {
    return new InvalidPriceFileException(
        fileName
            + ":"
            + parser.currentTokenLocation().getLineNr()
            + ": "
            + (path.isEmpty() ? "" : path + ": ")
            + rule,
        null);
  }

  private boolean isNumber() {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
  }

  private String shown() throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "an empty file";
    }
    if (!token.isScalarValue()) {
      return token.isStructStart() && token == JsonToken.START_ARRAY ? "a list" : "a map";
    }
    String text = parser.getText();
    return "'" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "'";
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
