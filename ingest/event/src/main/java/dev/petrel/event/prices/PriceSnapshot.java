// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The bundled table, one model a line:
 *
 * <pre>
 * gpt-4o context_window=128000 max_output_tokens=16384 input=2.5 input.batch=1.25 output=10 …
 * </pre>
 *
 * <p>Prices are in USD per million tokens, keys in lower case and sorted. Lines that begin with
 * {@code #} are for people, but for {@code #version}. Loading splits lines and no more; a model's
 * line is read when it is first asked for. Immutable to its users, thread-safe.
 */
final class PriceSnapshot {
  static final String RESOURCE = "litellm-prices.txt";
  static final String VERSION = "#version ";
  static final String CONTEXT_WINDOW = "context_window";
  static final String MAX_OUTPUT_TOKENS = "max_output_tokens";

  private final String version;
  private final Map<String, String> lines;
  private final Map<String, String> prefixBySpelling = new HashMap<>();
  private final Map<String, PriceEntry> read = new ConcurrentHashMap<>();

  private PriceSnapshot(String version, Map<String, String> lines) {
    this.version = version;
    this.lines = lines;
    for (String key : lines.keySet()) {
      int slash = key.indexOf('/');
      if (slash > 0) {
        String prefix = key.substring(0, slash);
        prefixBySpelling.putIfAbsent(prefix, prefix);
      }
    }
    for (String prefix : Set.copyOf(prefixBySpelling.keySet())) {
      prefixBySpelling.put(Provider.normalised(prefix), prefix);
    }
  }

  /** The snapshot of this release. */
  static PriceSnapshot bundled() {
    InputStream in = requireNonNull(PriceSnapshot.class.getResourceAsStream(RESOURCE), RESOURCE);
    try (in) {
      return of(new String(in.readAllBytes(), US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bundled price table", e);
    }
  }

  /** The snapshot in this form. */
  static PriceSnapshot of(String text) {
    String version = "";
    Map<String, String> lines = new HashMap<>(8192);
    int end;
    for (int start = 0; start < text.length(); start = end + 1) {
      end = text.indexOf('\n', start);
      if (end < 0) {
        end = text.length();
      }
      int space = text.indexOf(' ', start);
      if (text.charAt(start) != '#' && space > 0 && space < end) {
        lines.put(text.substring(start, space), text.substring(space + 1, end));
      } else if (text.startsWith(VERSION, start)) {
        version = text.substring(start + VERSION.length(), end);
      }
    }
    return new PriceSnapshot(version, lines);
  }

  /** Where the table is from, its date, and a hash of its content. */
  String version() {
    return version;
  }

  /** The keys, in no order. */
  Set<String> keys() {
    return lines.keySet();
  }

  /** What a provider's keys begin with, by its {@linkplain Provider#normalised spelling}. */
  @Nullable String prefixOf(String spelling) {
    return prefixBySpelling.get(spelling);
  }

  /** The entry with exactly this key, in lower case; null when there is none. */
  @Nullable PriceEntry entry(String key) {
    PriceEntry entry = read.get(key);
    if (entry != null) {
      return entry;
    }
    String line = lines.get(key);
    if (line == null) {
      return null;
    }
    PriceEntry parsed = parse(key, line);
    PriceEntry earlier = read.putIfAbsent(key, parsed);
    return earlier != null ? earlier : parsed;
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException when it is none; the bundled ones are all read by a test
   */
  private static PriceEntry parse(String key, String line) {
    Map<PriceKey, Long> stated = new HashMap<>();
    Long contextWindow = null;
    Long maxOutputTokens = null;
    for (String member : line.split(" ", -1)) {
      int equals = member.indexOf('=');
      String name = member.substring(0, Math.max(equals, 0));
      String value = member.substring(equals + 1);
      PriceKey priceKey = PriceKey.parse(name);
      if (priceKey != null) {
        stated.put(priceKey, UsdPerMillion.toPicoPerToken(new BigDecimal(value)));
      } else if (name.equals(CONTEXT_WINDOW)) {
        contextWindow = Long.valueOf(value);
      } else if (name.equals(MAX_OUTPUT_TOKENS)) {
        maxOutputTokens = Long.valueOf(value);
      } else {
        throw new IllegalArgumentException(key + ": " + member + " is no price and no limit");
      }
    }
    Prices prices = stated.isEmpty() ? null : Prices.of(stated);
    return new PriceEntry(key, prices, contextWindow, maxOutputTokens);
  }
}
