// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A mapping of a YAML file: its keys are texts, and each stands there once. Not thread-safe.
 *
 * <p>A reader first says which keys it knows, with {@link #allow}, and then takes the values. A key
 * whose value is left empty counts as not there.
 */
public final class YamlMap {

  private final YamlValue place;
  private final Map<String, YamlValue> values = new LinkedHashMap<>();
  private final Map<String, YamlValue> keys = new LinkedHashMap<>();

  YamlMap(YamlValue place, String file, MappingNode mapping) {
    this.place = place;
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
        throw new YamlValue(file, place.path(), tuple.getKeyNode()).error("a key must be a text");
      }
      String key = scalar.getValue();
      String path = place.path().isEmpty() ? key : place.path() + "." + key;
      YamlValue value = new YamlValue(file, path, tuple.getValueNode());
      keys.put(key, new YamlValue(file, path, scalar));
      values.put(key, value);
    }
  }

  /** Its place, for errors about the mapping as a whole. */
  public YamlValue place() {
    return place;
  }

  /**
   * Refuses keys other than these; returns this.
   *
   * @throws RuleFileException naming the first key that is not allowed, and the one that was meant
   */
  public YamlMap allow(String... names) {
    return allow(Set.of(names));
  }

  /** The same with a collection of names. */
  public YamlMap allow(Collection<String> names) {
    for (Map.Entry<String, YamlValue> key : keys.entrySet()) {
      if (!names.contains(key.getKey())) {
        throw key.getValue()
            .error(
                "unknown key%s; allowed are %s"
                    .formatted(
                        Suggestion.of(key.getKey(), names),
                        String.join(", ", new TreeSet<>(names))));
      }
    }
    return this;
  }

  /** Its keys in the order of the file, those left empty too. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** The value of a key; null when it is not there or left empty. */
  public @Nullable YamlValue find(String key) {
    YamlValue value = values.get(key);
    return value == null || value.isNull() ? null : value;
  }

  /** The value of a key that must be there. */
  public YamlValue required(String key) {
    YamlValue value = find(key);
    if (value == null) {
      throw place.error("'" + key + "' is missing");
    }
    return value;
  }

  /** What the reader makes of the value of a key, or something else when it is not there. */
  public <T> T get(String key, Function<YamlValue, T> reader, T otherwise) {
    YamlValue value = find(key);
    return value == null ? otherwise : reader.apply(value);
  }

  /** What the reader makes of each value of a list; empty when it is not there. */
  public <T> List<T> list(String key, Function<YamlValue, T> reader) {
    return get(key, value -> value.list(reader), List.of());
  }

  /** A mapping of texts, such as labels; empty when it is not there. */
  public Map<String, String> texts(String key) {
    YamlValue value = find(key);
    if (value == null) {
      return Map.of();
    }
    YamlMap map = value.map();
    Map<String, String> texts = new LinkedHashMap<>();
    map.keys().forEach(name -> texts.put(name, map.required(name).text()));
    return texts;
  }
}
