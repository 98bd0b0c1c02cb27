// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.event.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How instrumentations write calls down, as data: which spans are calls, which attributes hold
 * what, and how values are spelled. Read from {@code dialects.json} beside this class.
 *
 * <p>Rules and names are tried in the order of the file, across all dialects, as one span often
 * speaks several; names of a dialect with {@code own_names} are looked at in its own calls only.
 * Immutable and thread-safe.
 */
public final class Dialects {

  private static final String FILE = "dialects.json";
  private static final String OWN_NAMES = "own_names";

  /**
   * Where a field may stand.
   *
   * @param name of the attribute
   * @param times what a number is multiplied with to have the event's unit
   * @param dialect whose calls alone have it; null for all
   */
  record Alias(String name, BigDecimal times, @Nullable String dialect) {}

  private final String version;
  private final List<SpanRule> rules = new ArrayList<>();
  private final Map<String, List<Alias>> aliases = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> inputExcludesCache = new HashSet<>();
  private final Set<String> placeholders = new HashSet<>();
  private final Map<String, String> operations;
  private final Map<String, String> providers;
  private final Map<String, String> modelPrefixes;
  private final Map<Outcome, Set<String>> finishReasons = new EnumMap<>(Outcome.class);

  private Dialects(JsonNode root) {
    version = root.path("version").asText();
    for (JsonNode dialect : root.path("dialects")) {
      add(dialect);
    }
    root.path("placeholders").forEach(placeholder -> placeholders.add(placeholder.asText()));
    operations = texts(root.path("operations"));
    providers = texts(root.path("providers"));
    modelPrefixes = texts(root.path("model_prefixes"));
    for (Outcome outcome : Outcome.values()) {
      Set<String> reasons = new HashSet<>();
      root.path("finish_reasons").path(outcome.wireName()).forEach(it -> reasons.add(it.asText()));
      finishReasons.put(outcome, reasons);
    }
  }

  /** The bundled ones. */
  public static Dialects bundled() {
    try (InputStream file = Dialects.class.getResourceAsStream(FILE)) {
      return new Dialects(new ObjectMapper().readTree(file));
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " cannot be read", e);
    }
  }

  private void add(JsonNode dialect) {
    String id = dialect.path("id").asText();
    for (JsonNode rule : dialect.path("rules")) {
      SpanRule read = SpanRule.of(id, rule);
      rules.add(read);
      names.addAll(read.attributes().keySet());
    }
    if (dialect.path("input_excludes_cache").asBoolean()) {
      inputExcludesCache.add(id);
    }
    String onlyIn = dialect.path(OWN_NAMES).asBoolean() ? id : null;
    for (Map.Entry<String, JsonNode> field : dialect.path("fields").properties()) {
      List<Alias> known = aliases.computeIfAbsent(field.getKey(), key -> new ArrayList<>());
      for (JsonNode alias : field.getValue()) {
        String name = alias.isTextual() ? alias.asText() : alias.path("name").asText();
        BigDecimal times =
            alias.isTextual() ? BigDecimal.ONE : BigDecimal.valueOf(alias.path("times").asLong());
        known.add(new Alias(name, times, onlyIn));
        names.add(name);
      }
    }
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  /** The date of the file. */
  String version() {
    return version;
  }

  /** All attributes that any rule or field looks at. */
  Set<String> names() {
    return names;
  }

  /** The first rule that knows what this is; null when none does. */
  @Nullable SpanRule rule(Recorded recorded) {
    for (SpanRule rule : rules) {
      if (rule.matches(recorded)) {
        return rule;
      }
    }
    return null;
  }

  /** Where a field may stand in a call of a dialect, the likeliest first. */
  List<Alias> aliases(String field, String dialect) {
    List<Alias> known = aliases.getOrDefault(field, List.of());
    // Nearly always all of them.
    for (Alias alias : known) {
      if (alias.dialect() != null && !alias.dialect().equals(dialect)) {
        return known.stream()
            .filter(it -> it.dialect() == null || it.dialect().equals(dialect))
            .toList();
      }
    }
    return known;
  }

  /** Whether this dialect's count of input tokens is without those of caches. */
  boolean inputExcludesCache(String dialect) {
    return inputExcludesCache.contains(dialect);
  }

  /** Whether a text only says that nothing is known. */
  boolean isPlaceholder(String text) {
    return text.isBlank() || placeholders.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  /** The event's name of an operation. */
  String operation(String name) {
    return operations.getOrDefault(name.toLowerCase(Locale.ROOT), name);
  }

  /** The event's name of a provider. */
  public String provider(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> known : providers.entrySet()) {
      if (SpanRule.matches(known.getKey(), lower)) {
        return known.getValue();
      }
    }
    return lower;
  }

  /** The provider that a model's name begins with; null when it begins with none. */
  @Nullable String providerOfModel(String model) {
    for (Map.Entry<String, String> known : modelPrefixes.entrySet()) {
      if (model.startsWith(known.getKey())) {
        return known.getValue();
      }
    }
    return null;
  }

  /** How an answer ended that gives this reason. */
  public Outcome outcome(String finishReason) {
    String lower = finishReason.toLowerCase(Locale.ROOT);
    for (Outcome outcome : Outcome.values()) {
      if (finishReasons.getOrDefault(outcome, Set.of()).contains(lower)) {
        return outcome;
      }
    }
    return Outcome.SUCCESS;
  }
}
