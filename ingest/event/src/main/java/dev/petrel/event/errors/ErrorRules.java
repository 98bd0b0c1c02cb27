// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.petrel.event.ErrorType;
import dev.petrel.event.errors.ErrorRule.Condition;
import dev.petrel.event.errors.ErrorRule.StatusRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a classifier, as their file has them.
 *
 * @param version tells which rules an event was classified by
 * @param rules in the order in which they are tried
 */
record ErrorRules(String version, List<ErrorRule> rules) {

  private static final String RESOURCE = "error-rules.json";

  private static final Map<String, ErrorType> TYPES =
      Stream.of(ErrorType.values())
          .collect(Collectors.toUnmodifiableMap(ErrorType::wireName, Function.identity()));

  ErrorRules {
    rules = List.copyOf(rules);
  }

  /** Petrel's own rules. */
  static ErrorRules standard() {
    try (InputStream in = ErrorRules.class.getResourceAsStream(RESOURCE)) {
      return read(requireNonNull(in, RESOURCE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads rules.
   *
   * @throws IOException when the text is none; says where, and what is allowed there
   */
  static ErrorRules read(InputStream in) throws IOException {
    try (JsonParser parser = JsonFactory.builder().build().createParser(in)) {
      return new Reader(parser).file();
    }
  }

  private record Reader(JsonParser parser) {

    ErrorRules file() throws IOException {
      String version = null;
      List<ErrorRule> rules = new ArrayList<>();
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        switch (name) {
          case "version" -> version = text();
          case "rules" -> {
            expect(parser.currentToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
              rules.add(rule());
            }
          }
          default -> throw wrong("unknown name " + name + "; allowed are version, rules");
        }
      }
      checkIds(rules);
      return new ErrorRules(present(version, "version"), rules);
    }

    private void checkIds(List<ErrorRule> rules) throws IOException {
      Set<String> ids = new HashSet<>();
      for (ErrorRule rule : rules) {
        if (!ids.add(rule.id())) {
          throw wrong("two rules have the id " + rule.id());
        }
      }
    }

    private ErrorRule rule() throws IOException {
      String id = null;
      ErrorType type = null;
      String detail = null;
      Boolean retryable = null;
      ConditionParts parts = new ConditionParts();
      List<Condition> alternatives = new ArrayList<>();
      expect(parser.currentToken(), JsonToken.START_OBJECT);
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        switch (name) {
          case "id" -> id = text();
          case "type" -> type = type(text());
          case "detail" -> detail = text();
          case "retryable" -> retryable = parser.getBooleanValue();
          case "or" -> {
            expect(parser.currentToken(), JsonToken.START_ARRAY);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
              alternatives.add(condition());
            }
          }
          default -> part(name, parts);
        }
      }
      alternatives.add(0, parts.condition(parser));
      return new ErrorRule(
          present(id, "id"), present(type, "type"), detail, retryable, alternatives);
    }

    private Condition condition() throws IOException {
      ConditionParts parts = new ConditionParts();
      expect(parser.currentToken(), JsonToken.START_OBJECT);
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        part(name, parts);
      }
      return parts.condition(parser);
    }

    private void part(String name, ConditionParts parts) throws IOException {
      switch (name) {
        case "provider" -> parts.providers.addAll(texts());
        case "status" -> parts.statuses.addAll(statuses());
        case "not_status" -> parts.notStatuses.addAll(statuses());
        case "code" -> {
          for (String code : texts()) {
            parts.codes.add(code.toLowerCase(Locale.ROOT));
          }
        }
        case "exception" -> parts.exceptions.addAll(texts());
        case "says" -> {
          for (String pattern : texts()) {
            parts.says.add(new Saying(pattern));
          }
        }
        case "cancelled" -> parts.cancelled = parser.getBooleanValue();
        default ->
            throw wrong(
                "unknown name "
                    + name
                    + "; a rule has id, type, detail, retryable, or, and as conditions provider,"
                    + " status, not_status, code, exception, says, cancelled");
      }
    }

    private List<String> texts() throws IOException {
      List<String> texts = new ArrayList<>();
      expect(parser.currentToken(), JsonToken.START_ARRAY);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        texts.add(text());
      }
      return texts;
    }

    private List<StatusRange> statuses() throws IOException {
      List<StatusRange> ranges = new ArrayList<>();
      expect(parser.currentToken(), JsonToken.START_ARRAY);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          ranges.add(new StatusRange(parser.getIntValue(), parser.getIntValue()));
        } else if (text().matches("[2-5]xx")) {
          int first = (text().charAt(0) - '0') * 100;
          ranges.add(new StatusRange(first, first + 99));
        } else if (text().equals("none")) {
          ranges.add(StatusRange.NONE);
        } else {
          throw wrong("a status is a number, \"4xx\" or the like, or \"none\", not " + text());
        }
      }
      return ranges;
    }

    private ErrorType type(String name) throws IOException {
      ErrorType type = TYPES.get(name);
      if (type == null) {
        throw wrong("unknown type " + name);
      }
      return type;
    }

    private String text() throws IOException {
      expect(parser.currentToken(), JsonToken.VALUE_STRING);
      return parser.getText();
    }

    private <T> T present(@Nullable T value, String name) throws IOException {
      if (value == null) {
        throw wrong(name + " is missing");
      }
      return value;
    }

    private void expect(@Nullable JsonToken token, JsonToken expected) throws IOException {
      if (token != expected) {
        throw wrong("expected " + expected + ", found " + token);
      }
    }

    private JsonParseException wrong(String what) {
      return new JsonParseException(parser, "error rules: " + what);
    }
  }

  /** The parts of a condition while it is read. */
  private static final class ConditionParts {
    final List<String> providers = new ArrayList<>();
    final List<StatusRange> statuses = new ArrayList<>();
    final List<StatusRange> notStatuses = new ArrayList<>();
    final Set<String> codes = new HashSet<>();
    final Set<String> exceptions = new HashSet<>();
    final List<Saying> says = new ArrayList<>();
    boolean cancelled;

    /** An empty condition would match everything. */
    Condition condition(JsonParser parser) throws IOException {
      if (statuses.isEmpty()
          && codes.isEmpty()
          && exceptions.isEmpty()
          && says.isEmpty()
          && !cancelled) {
        throw new JsonParseException(parser, "error rules: a rule or alternative asks for nothing");
      }
      return new Condition(providers, statuses, notStatuses, codes, exceptions, says, cancelled);
    }
  }
}
