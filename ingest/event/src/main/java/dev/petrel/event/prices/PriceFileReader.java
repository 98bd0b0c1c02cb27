// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and checks a file of an operator's prices; {@code docs/prices.md} describes its form. */
final class PriceFileReader {
  private static final String RATES =
      Arrays.stream(Rate.values()).map(Rate::key).collect(Collectors.joining(", "));
  private static final String ENTRY_KEYS =
      "model, provider, "
          + RATES
          + ", batch, flex, priority, above, context_window, max_output_tokens";

  private final PriceFileParser parser;

  private PriceFileReader(PriceFileParser parser) {
    this.parser = parser;
  }

  static List<PriceOverride> read(String fileName, Reader reader) throws IOException {
    try (PriceFileParser parser = new PriceFileParser(fileName, reader)) {
      return new PriceFileReader(parser).readFile();
    }
  }

  private List<PriceOverride> readFile() throws IOException {
    List<PriceOverride> overrides = new ArrayList<>();
    parser.next("");
    parser.readObject(
        "",
        "models",
        (key, path) -> {
          if (!key.equals("models")) {
            return false;
          }
          parser.readArray(path, elementPath -> overrides.add(readEntry(elementPath)));
          return true;
        });
    if (parser.next("") != null) {
      throw parser.invalid("", "there is more after the list of models; one document is allowed");
    }
    return overrides;
  }

  private PriceOverride readEntry(String path) throws IOException {
    Entry entry = new Entry();
    InvalidPriceFileException noModel = parser.invalid(path, "model is missing");
    parser.readObject(path, ENTRY_KEYS, (key, keyPath) -> readMember(entry, key, keyPath));
    if (entry.model == null) {
      throw noModel;
    }
    String named = path + " (" + entry.model + ")";
    if (entry.stated.isEmpty() && entry.contextWindow == null && entry.maxOutputTokens == null) {
      throw parser.invalid(named, "states nothing; allowed are " + ENTRY_KEYS);
    }
    if (!entry.stated.isEmpty()) {
      requirePrice(entry, named, Rate.INPUT);
      requirePrice(entry, named, Rate.OUTPUT);
    }
    return PriceOverride.of(
        entry.model, entry.provider, entry.stated, entry.contextWindow, entry.maxOutputTokens);
  }

  /** An entry replaces all prices of a model: one of them alone would be taken for a change. */
  private void requirePrice(Entry entry, String path, Rate rate) {
    if (!entry.stated.containsKey(PriceKey.standard(rate))) {
      throw parser.invalid(
          path,
          rate.key()
              + " is missing; an entry with prices states input and output, 0 where nothing is"
              + " charged");
    }
  }

  private boolean readMember(Entry entry, String key, String path) throws IOException {
    switch (key) {
      case "model" -> entry.model = parser.text(path);
      case "provider" -> {
        entry.provider = parser.text(path);
        if (Provider.normalised(entry.provider).isEmpty()) {
          throw parser.invalid(path, "must have a letter or digit");
        }
      }
      case "context_window" -> entry.contextWindow = parser.count(path, 1);
      case "max_output_tokens" -> entry.maxOutputTokens = parser.count(path, 1);
      case "above" -> parser.readArray(path, element -> readAbove(entry, element));
      default -> {
        return readPrices(entry, key, path);
      }
    }
    return true;
  }

  private boolean readPrices(Entry entry, String key, String path) throws IOException {
    ServiceTier tier = ServiceTier.ofKey(key);
    if (tier == null || tier == ServiceTier.STANDARD) {
      return readPrice(entry.stated, ServiceTier.STANDARD, key, path);
    }
    parser.readObject(
        path, RATES, (rate, ratePath) -> readPrice(entry.stated, tier, rate, ratePath));
    return true;
  }

  private void readAbove(Entry entry, String path) throws IOException {
    Map<PriceKey, Long> stated = new HashMap<>();
    long[] threshold = {0};
    InvalidPriceFileException noThreshold = parser.invalid(path, "input_tokens is missing");
    parser.readObject(
        path,
        "input_tokens, " + RATES,
        (key, keyPath) -> {
          if (key.equals("input_tokens")) {
            threshold[0] = parser.count(keyPath, 1);
            return true;
          }
          return readPrice(stated, ServiceTier.STANDARD, key, keyPath);
        });
    if (threshold[0] == 0) {
      throw noThreshold;
    }
    stated.forEach(
        (key, price) -> {
          PriceKey above = new PriceKey(key.rate(), threshold[0], ServiceTier.STANDARD);
          if (entry.stated.putIfAbsent(above, price) != null) {
            throw parser.invalid(
                path, key.rate().key() + " above " + threshold[0] + " is there twice");
          }
        });
    if (stated.isEmpty()) {
      throw parser.invalid(path, "states no price; allowed are " + RATES);
    }
  }

  private boolean readPrice(Map<PriceKey, Long> stated, ServiceTier tier, String key, String path)
      throws IOException {
    Rate rate = Rate.ofKey(key);
    if (rate == null) {
      return false;
    }
    stated.put(new PriceKey(rate, 0, tier), parser.price(path));
    return true;
  }

  /** What has been read of an entry. */
  private static final class Entry {
    private @Nullable String model;
    private @Nullable String provider;
    private @Nullable Long contextWindow;
    private @Nullable Long maxOutputTokens;
    private final Map<PriceKey, Long> stated = new HashMap<>();
  }
}
