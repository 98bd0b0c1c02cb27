// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration: name, type, default and meaning.
 *
 * <p>A setting named {@code streams.threads} is {@code streams: {threads: …}} in the YAML file and
 * {@code PETREL_STREAMS_THREADS} in the environment. A secret is read from the environment, or from
 * the file that the key with {@code _file} appended names; never from the YAML file itself.
 *
 * @param key dotted, lower case
 * @param defaultText the default in text form; null when there is none
 * @param allowed what values are allowed, as shown in errors
 * @param parser turns text into a value; throws IllegalArgumentException when it is not allowed
 * @param secret whether the value must never be shown
 * @param description one sentence with the unit
 * @param <T> the type of a value
 */
public record Setting<T>(
    String key,
    @Nullable String defaultText,
    String allowed,
    Function<String, T> parser,
    boolean secret,
    String description) {

  /** The environment variable that overrides the file. */
  public String environmentVariable() {
    return environmentVariable(key);
  }

  static String environmentVariable(String key) {
    return "PETREL_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** Free text. */
  public static Setting<String> text(String key, @Nullable String defaultText, String description) {
    return new Setting<>(key, defaultText, "text", text -> text, false, description);
  }

  /** A secret text without default. */
  public static Setting<String> secret(String key, String description) {
    return new Setting<>(key, null, "text", text -> text, true, description);
  }

  /** A whole number between {@code min} and {@code max}, both inclusive. */
  public static Setting<Integer> number(
      String key, int defaultValue, int min, int max, String description) {
    return new Setting<>(
        key,
        Integer.toString(defaultValue),
        "a whole number from " + min + " to " + max,
        text -> {
          int value = Integer.parseInt(text.strip());
          if (value < min || value > max) {
            throw new IllegalArgumentException("out of range");
          }
          return value;
        },
        false,
        description);
  }

  /** A share or factor between {@code min} and {@code max}, both inclusive. */
  public static Setting<Double> decimal(
      String key, double defaultValue, double min, double max, String description) {
    return new Setting<>(
        key,
        Double.toString(defaultValue),
        "a number from " + min + " to " + max,
        text -> {
          double value = Double.parseDouble(text.strip());
          if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException("out of range");
          }
          return value;
        },
        false,
        description);
  }

  /** Yes or no. */
  public static Setting<Boolean> flag(String key, boolean defaultValue, String description) {
    return new Setting<>(
        key,
        Boolean.toString(defaultValue),
        "true or false",
        text ->
            switch (text.strip().toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("neither true nor false");
            },
        false,
        description);
  }

  /** Texts without spaces around them, separated by commas; none when empty. */
  public static Setting<List<String>> list(String key, String defaultText, String description) {
    return new Setting<>(
        key,
        defaultText,
        "texts separated by commas",
        text ->
            Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList(),
        false,
        description);
  }

  /**
   * A positive duration such as {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d}.
   */
  public static Setting<Duration> duration(String key, String defaultText, String description) {
    return new Setting<>(
        key,
        defaultText,
        "a duration such as 500ms, 30s, 5m, 24h or 7d",
        Setting::parseDuration,
        false,
        description);
  }

  /** An absolute http or https URL, null when unset. */
  public static Setting<URI> url(
      String key, @Nullable String defaultText, boolean secret, String description) {
    return new Setting<>(
        key,
        defaultText,
        "an http or https URL",
        text -> {
          URI uri = URI.create(text.strip());
          if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
            throw new IllegalArgumentException("no http URL");
          }
          return uri;
        },
        secret,
        description);
  }

  /** A path of the file system. */
  public static Setting<Path> path(String key, String defaultText, String description) {
    return new Setting<>(key, defaultText, "a path", Path::of, false, description);
  }

  private static Duration parseDuration(String text) {
    String stripped = text.strip().toLowerCase(Locale.ROOT);
    String iso =
        stripped.endsWith("ms")
            ? "PT" + Double.parseDouble(stripped.substring(0, stripped.length() - 2)) / 1000 + "S"
            : stripped.endsWith("d") ? "P" + stripped : "PT" + stripped;
    try {
      Duration duration = Duration.parse(iso);
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("not positive");
      }
      return duration;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("no duration", e);
    }
  }
}
