// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings in force: defaults, overridden by one YAML file, overridden by environment variables
 * {@code PETREL_…}, overridden by command-line options.
 *
 * <p>Unknown keys and bad values stop the start with a message that names the key, the value and
 * what is allowed. Immutable and thread-safe; {@link #toString()} shows no secrets.
 */
public final class Settings {

  private static final String FILE_SUFFIX = "_file";

  private final Map<String, String> texts;
  private final Map<String, Object> values;

  private Settings(Map<String, String> texts, Map<String, Object> values) {
    this.texts = texts;
    this.values = values;
  }

  /**
   * Reads and checks the settings.
   *
   * @param file the YAML file, null for none
   * @param environment the process's environment; only {@code PETREL_…} is looked at
   * @param overrides values by key that win over file and environment
   * @param known every setting that exists
   * @throws SettingException naming the first key that is unknown or has a bad value
   */
  public static Settings load(
      @Nullable Path file,
      Map<String, String> environment,
      Map<String, String> overrides,
      Collection<Setting<?>> known) {
    Map<String, Setting<?>> byKey = new LinkedHashMap<>();
    for (Setting<?> setting : known) {
      byKey.put(setting.key(), setting);
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Setting<?> setting : known) {
      if (setting.defaultText() != null) {
        texts.put(setting.key(), setting.defaultText());
      }
    }
    if (file != null) {
      readFile(file, byKey, texts);
    }
    readEnvironment(environment, byKey, texts);
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      if (!byKey.containsKey(override.getKey())) {
        throw unknown(override.getKey(), "options", byKey);
      }
      texts.put(override.getKey(), override.getValue());
    }
    Map<String, Object> values = new HashMap<>();
    for (Setting<?> setting : known) {
      String text = texts.get(setting.key());
      if (text != null) {
        values.put(setting.key(), parse(setting, text));
      }
    }
    return new Settings(texts, values);
  }

  private static Object parse(Setting<?> setting, String text) {
    try {
      return setting.parser().apply(text);
    } catch (IllegalArgumentException e) {
      String shown = setting.secret() ? "the value (not shown)" : "'" + text + "'";
      throw new SettingException(
          setting.key() + ": " + shown + " is not allowed; must be " + setting.allowed());
    }
  }

  private static void readFile(
      Path file, Map<String, Setting<?>> byKey, Map<String, String> texts) {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(file.toFile());
    } catch (JacksonException e) {
      throw new SettingException(
          "configuration file " + file + " is not YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new SettingException("configuration file " + file + " cannot be read: " + e);
    }
    if (root == null || root.isMissingNode() || root.isNull()) {
      return;
    }
    Map<String, String> found = new LinkedHashMap<>();
    flatten(root, "", found);
    for (Map.Entry<String, String> entry : found.entrySet()) {
      Setting<?> setting = byKey.get(entry.getKey());
      if (setting != null && !setting.secret()) {
        texts.put(entry.getKey(), entry.getValue());
        continue;
      }
      if (setting != null) {
        throw new SettingException(
            "%s: a secret must not be in the configuration file; set %s, or %s%s to a file that holds it"
                .formatted(
                    setting.key(), setting.environmentVariable(), setting.key(), FILE_SUFFIX));
      }
      if (!readSecretFile(entry.getKey(), entry.getValue(), byKey, texts)) {
        throw unknown(entry.getKey(), file.toString(), byKey);
      }
    }
  }

  private static boolean readSecretFile(
      String key, String value, Map<String, Setting<?>> byKey, Map<String, String> texts) {
    if (!key.endsWith(FILE_SUFFIX)) {
      return false;
    }
    Setting<?> setting = byKey.get(key.substring(0, key.length() - FILE_SUFFIX.length()));
    if (setting == null || !setting.secret()) {
      return false;
    }
    try {
      texts.put(setting.key(), Files.readString(Path.of(value)).strip());
      return true;
    } catch (IOException e) {
      throw new SettingException(key + ": file '" + value + "' cannot be read: " + e);
    }
  }

  private static void flatten(JsonNode node, String prefix, Map<String, String> found) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = prefix + entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isObject()) {
        flatten(value, key + ".", found);
      } else if (value.isValueNode() && !value.isNull()) {
        found.put(key, value.asText());
      } else if (!value.isNull()) {
        throw new SettingException(key + ": a list is not allowed here");
      }
    }
  }

  private static void readEnvironment(
      Map<String, String> environment, Map<String, Setting<?>> byKey, Map<String, String> texts) {
    Map<String, String> keysByVariable = new HashMap<>();
    for (Setting<?> setting : byKey.values()) {
      keysByVariable.put(setting.environmentVariable(), setting.key());
      if (setting.secret()) {
        String fileKey = setting.key() + FILE_SUFFIX;
        keysByVariable.put(Setting.environmentVariable(fileKey), fileKey);
      }
    }
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith("PETREL_") || LAUNCHER_VARIABLES.contains(name)) {
        continue;
      }
      String key = keysByVariable.get(name);
      if (key == null) {
        throw unknown(name, "environment", byKey);
      }
      if (!readSecretFile(key, variable.getValue(), byKey, texts)) {
        texts.put(key, variable.getValue());
      }
    }
  }

  /** Read by the launcher script, not by the program. */
  private static final Collection<String> LAUNCHER_VARIABLES =
      java.util.Set.of("PETREL_JAVA_HOME", "PETREL_JAVA_OPTS", "PETREL_CONFIG");

  private static SettingException unknown(String key, String where, Map<String, Setting<?>> byKey) {
    return new SettingException(
        "%s: unknown key in %s; known are %s"
            .formatted(key, where, String.join(", ", new TreeSet<>(byKey.keySet()))));
  }

  /**
   * The value of a setting that has a default.
   *
   * @throws SettingException when it is not set and has no default; says how to set it
   */
  public <T> T get(Setting<T> setting) {
    T value = find(setting);
    if (value == null) {
      throw new SettingException(
          "%s: is required; set it in the configuration file or as %s"
              .formatted(setting.key(), setting.environmentVariable()));
    }
    return value;
  }

  /** The value of a setting, null when it is not set. */
  @SuppressWarnings("unchecked") // load() filled the map with each setting's own parser
  public <T> @Nullable T find(Setting<T> setting) {
    return (T) values.get(setting.key());
  }

  /** The number of settings, no values: some are secret. */
  @Override
  public String toString() {
    return "Settings{" + texts.size() + " keys}";
  }
}
