// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.sources;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The YAML file that says who may write:
 *
 * <pre>{@code
 * sources:
 *   - name: checkout
 *     token_file: /run/secrets/checkout   # or token_env: NAME, or token_sha256: HEX
 *     tenants: [acme, "acme-*"]           # absent: all
 *     events_per_second: 500              # absent: no limit
 * }</pre>
 *
 * <p>A token itself never stands in it.
 */
public final class SourcesFile {

  private static final Set<String> KEYS =
      Set.of("name", "token_env", "token_file", "token_sha256", "tenants", "events_per_second");

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern NAME = Pattern.compile("[\\w.-]{1,64}");
  private static final int MIN_TOKEN_LENGTH = 16;
  private static final int MAX_PER_SECOND = 10_000_000;

  private final Path file;
  private final Map<String, String> environment;
  private final LongSupplier nanoTime;

  private SourcesFile(Path file, Map<String, String> environment, LongSupplier nanoTime) {
    this.file = file;
    this.environment = environment;
    this.nanoTime = nanoTime;
  }

  /**
   * Reads the file, and the tokens that it refers to.
   *
   * @param environment where {@code token_env} looks
   * @param nanoTime as {@link System#nanoTime()}
   * @throws IllegalStateException naming file, source and rule; never a token
   */
  public static Sources read(Path file, Map<String, String> environment, LongSupplier nanoTime) {
    return new SourcesFile(file, environment, nanoTime).read();
  }

  private Sources read() {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw wrong("is not YAML: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw wrong("cannot be read: " + e);
    }
    if (!root.isObject() || root.size() != 1 || !root.path("sources").isArray()) {
      throw wrong("must have the one key sources, with a list");
    }
    Map<String, Source> byTokenHash = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (JsonNode entry : root.path("sources")) {
      String name = entry.path("name").asText();
      if (!NAME.matcher(name).matches() || !names.add(name)) {
        throw wrong("each source needs a name of its own, of letters, digits, '_', '.' and '-'");
      }
      entry
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (!KEYS.contains(key)) {
                  throw wrong("source %s: unknown key %s".formatted(name, key));
                }
              });
      Source source = new Source(name, tenants(name, entry), allowance(name, entry));
      if (byTokenHash.put(tokenHash(name, entry), source) != null) {
        throw wrong("source %s: has the token of another source".formatted(name));
      }
    }
    if (byTokenHash.isEmpty()) {
      throw wrong("must name at least one source");
    }
    return Sources.withTokens(byTokenHash);
  }

  private List<String> tenants(String name, JsonNode entry) {
    List<String> tenants = new ArrayList<>();
    for (JsonNode tenant : entry.path("tenants")) {
      if (!tenant.isTextual() || tenant.asText().isBlank()) {
        throw wrong("source %s: each tenant must be a text".formatted(name));
      }
      tenants.add(tenant.asText());
    }
    // An empty list would otherwise mean all.
    if (entry.has("tenants") && tenants.isEmpty()) {
      throw wrong("source %s: tenants must be a list of one or more".formatted(name));
    }
    return tenants;
  }

  private @Nullable EventAllowance allowance(String name, JsonNode entry) {
    JsonNode rate = entry.path("events_per_second");
    if (rate.isMissingNode()) {
      return null;
    }
    if (!rate.isInt() || rate.asInt() < 1 || rate.asInt() > MAX_PER_SECOND) {
      throw wrong(
          "source %s: events_per_second must be a whole number from 1 to %d"
              .formatted(name, MAX_PER_SECOND));
    }
    return new EventAllowance(rate.asInt(), nanoTime);
  }

  private String tokenHash(String name, JsonNode entry) {
    List<String> given = List.of("token_env", "token_file", "token_sha256");
    List<String> present = given.stream().filter(entry::has).toList();
    if (present.size() != 1) {
      throw wrong(
          "source %s: needs exactly one of token_env, token_file, token_sha256".formatted(name));
    }
    String value = entry.path(present.get(0)).asText();
    return switch (present.get(0)) {
      case "token_env" -> hashOf(name, environment.getOrDefault(value, ""));
      case "token_file" -> hashOf(name, tokenIn(name, Path.of(value)));
      default -> {
        String hash = value.toLowerCase(Locale.ROOT);
        if (!SHA_256.matcher(hash).matches()) {
          throw wrong("source %s: token_sha256 must be 64 hex digits".formatted(name));
        }
        yield hash;
      }
    };
  }

  private String tokenIn(String name, Path tokenFile) {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw wrong("source %s: token_file cannot be read: %s".formatted(name, e));
    }
  }

  private String hashOf(String name, String token) {
    if (token.length() < MIN_TOKEN_LENGTH) {
      throw wrong(
          "source %s: its token must have at least %d characters"
              .formatted(name, MIN_TOKEN_LENGTH));
    }
    return Sources.hash(token);
  }

  private IllegalStateException wrong(String rule) {
    return new IllegalStateException("gateway.sources_file " + file + ": " + rule);
  }
}
