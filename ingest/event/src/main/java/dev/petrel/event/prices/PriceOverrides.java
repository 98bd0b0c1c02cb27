// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An operator's own prices, which win over the bundled ones.
 *
 * <p>Read from a YAML file, or a JSON file of the same form; {@code docs/prices.md} describes it.
 * YAML needs jackson-dataformat-yaml on the class path, which Petrel's services have; an
 * application that reads JSON needs nothing besides this module. Immutable.
 */
public final class PriceOverrides {
  private static final PriceOverrides NONE = new PriceOverrides(List.of(), "");

  private final List<PriceOverride> overrides;
  private final String hash;

  private PriceOverrides(List<PriceOverride> overrides, String hash) {
    this.overrides = List.copyOf(overrides);
    this.hash = hash;
  }

  /** No override. */
  public static PriceOverrides none() {
    return NONE;
  }

  /**
   * Reads a file whose name ends in {@code .yaml}, {@code .yml} or {@code .json}.
   *
   * @throws IOException when it cannot be read
   * @throws InvalidPriceFileException when it does not say what prices are; names line and key
   */
  public static PriceOverrides read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
      return read(file.toString(), reader);
    }
  }

  static PriceOverrides read(String fileName, Reader reader) throws IOException {
    List<PriceOverride> overrides = PriceFileReader.read(fileName, reader);
    String texts = overrides.stream().map(PriceOverride::text).collect(Collectors.joining("\n"));
    return new PriceOverrides(overrides, hash(texts));
  }

  /** How many entries there are. */
  public int size() {
    return overrides.size();
  }

  /** The first entry for this model, null when there is none. */
  @Nullable PriceEntry find(ModelNames.Name name, Provider called) {
    for (PriceOverride override : overrides) {
      if (override.isFor(name, called)) {
        return override.entry();
      }
    }
    return null;
  }

  /** Eight hex digits that change with what is said, and not with comments or spacing. */
  String hash() {
    return hash;
  }

  /** The first eight hex digits of the SHA-256. */
  static String hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
