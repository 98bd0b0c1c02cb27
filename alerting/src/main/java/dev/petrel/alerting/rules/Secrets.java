// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads the secrets that a rule file refers to, from the environment or from files, and knows which
 * files they were. A secret never stands in the rule file itself. Not thread-safe.
 */
public final class Secrets {

  private final Map<String, String> environment;
  private final Path directory;
  private final boolean samples;
  private final Set<Path> files = new LinkedHashSet<>();

  /**
   * @param environment the process's
   * @param directory what relative paths are relative to: the rule file's
   */
  public Secrets(Map<String, String> environment, Path directory) {
    this(environment, directory, false);
  }

  private Secrets(Map<String, String> environment, Path directory, boolean samples) {
    this.environment = Map.copyOf(environment);
    this.directory = directory;
    this.samples = samples;
  }

  /** Secrets of the right form for checks without any: they open nothing. */
  static Secrets samples() {
    return new Secrets(Map.of(), Path.of("."), true);
  }

  /** The keys by which a mapping can refer to a secret. */
  public static Set<String> keys(String name) {
    return Set.of(name + "_env", name + "_file");
  }

  /**
   * The secret that {@code NAME_env} or {@code NAME_file} refers to.
   *
   * @throws RuleFileException when neither or both are there, or it is not to be found or is empty
   */
  public String read(YamlMap map, String name) {
    YamlValue variable = map.find(name + "_env");
    YamlValue file = map.find(name + "_file");
    if ((variable == null) == (file == null)) {
      throw map.place()
          .error(
              "needs one of %s_env (the name of an environment variable) and %s_file (a path)"
                  .formatted(name, name));
    }
    if (samples) {
      return sample(name);
    }
    return variable != null ? fromEnvironment(variable) : fromFile(map.required(name + "_file"));
  }

  private static String sample(String name) {
    return switch (name) {
      case "url" -> "https://receiver.invalid/";
      case "routing_key" -> "0".repeat(32);
      case "signing_key" -> "whsec_" + "A".repeat(43) + "=";
      default -> "sample";
    };
  }

  private String fromEnvironment(YamlValue variable) {
    String value = environment.getOrDefault(variable.text(), "").strip();
    if (value.isEmpty()) {
      throw variable.error("the environment variable '" + variable.text() + "' is not set");
    }
    return value;
  }

  private String fromFile(YamlValue file) {
    Path path = directory.resolve(file.text());
    files.add(path);
    try {
      String value = Files.readString(path).strip();
      if (value.isEmpty()) {
        throw file.error("the file '" + path + "' is empty");
      }
      return value;
    } catch (IOException e) {
      throw file.error("the file '" + path + "' cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** The files that secrets were read from. */
  public Set<Path> files() {
    return Set.copyOf(files);
  }
}
