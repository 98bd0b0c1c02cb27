// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.util.List;

/**
 * A model as the load calls it. Names are made up, prices too.
 *
 * @param provider its only provider
 * @param sdk the client library that calls it
 * @param name the model asked for
 * @param answersAs the model that answers name: the same with a date
 * @param contextWindow in tokens
 * @param firstChunkMillis median time to the first chunk
 * @param millisPerToken median time of each output token
 * @param nanoUsdPerInputToken price
 * @param nanoUsdPerOutputToken price
 */
record ModelProfile(
    String provider,
    String sdk,
    String name,
    String answersAs,
    long contextWindow,
    double firstChunkMillis,
    double millisPerToken,
    long nanoUsdPerInputToken,
    long nanoUsdPerOutputToken) {

  private record Vendor(String provider, String sdk, String family) {}

  private static final List<Vendor> VENDORS =
      List.of(
          new Vendor("openai", "openai-java/4.101.0", "gpt"),
          new Vendor("anthropic", "anthropic-java/2.12.0", "claude"),
          new Vendor("gcp.gemini", "google-genai/1.30.0", "gemini"));

  private static final List<String> SIZES = List.of("large", "small", "medium");

  /** The model of this number: any number has one, and each model one provider. */
  static ModelProfile numbered(int number) {
    Vendor vendor = VENDORS.get(number % VENDORS.size());
    int size = number % SIZES.size();
    String name = "%s-%s-%d".formatted(vendor.family(), SIZES.get(size), 1 + number);
    return new ModelProfile(
        vendor.provider(),
        vendor.sdk(),
        name,
        name + "-2026-03-17",
        size == 1 ? 128_000 : 400_000,
        180 + 120 * size,
        6 + 5 * size,
        250 * (1 + 4L * size),
        1_000 * (1 + 4L * size));
  }
}
