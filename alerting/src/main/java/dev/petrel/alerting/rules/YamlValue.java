// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.service.match.Matcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value of a YAML file with its place: read as the type that it must have, or refused with file,
 * line, path and what is allowed. Not thread-safe.
 */
public final class YamlValue {

  private static final Pattern DURATION =
      Pattern.compile("(?:\\d+w)?(?:\\d+d)?(?:\\d+h)?(?:\\d+m)?(?:\\d+s)?(?:\\d+ms)?");
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|w|d|h|m|s)");

  private final String file;
  private final String path;
  private final Node node;

  YamlValue(String file, String path, Node node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** The keys that lead to it, as {@code route.routes[0].receiver}. */
  public String path() {
    return path;
  }

  /** Its line, counted from 1. */
  public int line() {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  /** Its column, counted from 1. */
  public int column() {
    return node.getStartMark().map(Mark::getColumn).orElse(-1) + 1;
  }

  /** That something is wrong with it; to be thrown. */
  public RuleFileException error(String problem) {
    return RuleFileException.at(file, line(), path, problem);
  }

  /** Whether it is null or nothing. */
  public boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  /** Whether it is a list. */
  public boolean isList() {
    return node instanceof SequenceNode;
  }

  /** Whether it is a mapping. */
  public boolean isMap() {
    return node instanceof MappingNode;
  }

  /** A mapping. */
  public YamlMap map() {
    if (node instanceof MappingNode mapping) {
      return new YamlMap(this, file, mapping);
    }
    throw error("must be a mapping (key: value), not " + kind());
  }

  /** A list; each value has its own place. */
  public List<YamlValue> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw error("must be a list, not " + kind());
    }
    List<YamlValue> values = new ArrayList<>();
    for (Node each : sequence.getValue()) {
      values.add(new YamlValue(file, path + "[" + values.size() + "]", each));
    }
    return values;
  }

  /** A list of what the reader makes of each value. */
  public <T> List<T> list(Function<YamlValue, T> reader) {
    return list().stream().map(reader).toList();
  }

  /** A list of texts without repetition. */
  public List<String> distinctTexts() {
    Set<String> seen = new HashSet<>();
    return list(
        value -> {
          String text = value.text();
          if (!seen.add(text)) {
            throw value.error("'" + text + "' stands here twice");
          }
          return text;
        });
  }

  /** A text that is not empty; numbers and truth values count as written. */
  public String text() {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw error("must be a text, not " + kind());
    }
    if (scalar.getValue().isBlank()) {
      throw error("must not be empty");
    }
    return scalar.getValue();
  }

  /** {@code true} or {@code false}. */
  public boolean bool() {
    return one(
        "true or false",
        text -> {
          if (!node.getTag().equals(Tag.BOOL)) {
            throw new IllegalArgumentException("no truth value");
          }
          return Boolean.parseBoolean(text);
        });
  }

  /** A whole number within bounds, both inclusive. */
  public int number(int min, int max) {
    return one(
        "a whole number from " + min + " to " + max,
        text -> {
          int number = Integer.parseInt(text);
          if (number < min || number > max) {
            throw new IllegalArgumentException("out of range");
          }
          return number;
        });
  }

  /** A number within bounds, both inclusive. */
  public double decimal(double min, double max) {
    return one(
        "a number from " + min + " to " + max,
        text -> {
          double number = Double.parseDouble(text);
          if (!(number >= min && number <= max)) {
            throw new IllegalArgumentException("out of range");
          }
          return number;
        });
  }

  /**
   * A duration of zero or more, as Prometheus writes it: {@code 30s}, {@code 1h30m}, {@code 7d}.
   */
  public Duration duration() {
    return one("a duration such as 30s, 5m, 1h30m or 7d", YamlValue::duration);
  }

  private static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!DURATION.matcher(text).matches()) {
      throw new IllegalArgumentException("no duration");
    }
    Duration sum = Duration.ZERO;
    var parts = PART.matcher(text);
    while (parts.find()) {
      long count = Long.parseLong(parts.group(1));
      sum =
          sum.plus(
              switch (parts.group(2)) {
                case "w" -> Duration.ofDays(7 * count);
                case "d" -> Duration.ofDays(count);
                case "h" -> Duration.ofHours(count);
                case "m" -> Duration.ofMinutes(count);
                case "s" -> Duration.ofSeconds(count);
                default -> Duration.ofMillis(count);
              });
    }
    return sum;
  }

  /** A duration of more than nothing. */
  public Duration positiveDuration() {
    Duration duration = duration();
    if (duration.isZero()) {
      throw error("must be longer than 0s");
    }
    return duration;
  }

  /** One of these names; an error suggests the one that was meant. */
  public String oneOf(Collection<String> allowed) {
    String text = text();
    if (!allowed.contains(text)) {
      throw error(
          "'%s' is not known%s; allowed are %s"
              .formatted(
                  text,
                  Suggestion.of(text, allowed),
                  allowed.isEmpty() ? "none" : String.join(", ", new TreeSet<>(allowed))));
    }
    return text;
  }

  /** A matcher as {@link Matcher#parse} reads it. */
  public Matcher matcher() {
    return parsed(Matcher::parse);
  }

  /** What the reader makes of the text; its IllegalArgumentException becomes an error of this. */
  public <T> T parsed(Function<String, T> reader) {
    String text = text();
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw error(String.valueOf(e.getMessage()));
    }
  }

  private <T> T one(String allowed, Function<String, T> reader) {
    String text = text();
    try {
      return reader.apply(text.strip());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw error("'%s' is not allowed; must be %s".formatted(text, allowed));
    }
  }

  /** The same text for values that say the same. */
  String canonical() {
    if (node instanceof MappingNode) {
      YamlMap map = map();
      StringBuilder text = new StringBuilder("{");
      for (String key : new TreeSet<>(map.keys())) {
        YamlValue value = map.find(key);
        text.append(key).append(':').append(value == null ? "" : value.canonical()).append(',');
      }
      return text.append('}').toString();
    }
    if (node instanceof SequenceNode) {
      return list(YamlValue::canonical).toString();
    }
    return isNull() ? "" : ((ScalarNode) node).getValue();
  }

  private String kind() {
    if (node instanceof MappingNode) {
      return "a mapping";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    return isNull() ? "nothing" : "'" + ((ScalarNode) node).getValue() + "'";
  }
}
