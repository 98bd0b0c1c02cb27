// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.util.Locale;

/** A provider, as simulated calls meet it. Versions and regions are invented. */
enum SimulatedProvider {
  OPENAI("openai", "api.openai.com", "us-east", "openai-java/4.101.0", true),
  ANTHROPIC("anthropic", "api.anthropic.com", "us-west", "anthropic-java/3.12.0", true),
  GEMINI(
      "gcp.gemini",
      "generativelanguage.googleapis.com",
      "europe-west4",
      "google-genai-java/1.28.0",
      false);

  private final String wireName;
  private final String serverAddress;
  private final String region;
  private final String sdk;
  private final boolean tellsLimits;

  SimulatedProvider(
      String wireName, String serverAddress, String region, String sdk, boolean tellsLimits) {
    this.wireName = wireName;
    this.serverAddress = serverAddress;
    this.region = region;
    this.sdk = sdk;
    this.tellsLimits = tellsLimits;
  }

  /** The provider's name on events. */
  String wireName() {
    return wireName;
  }

  String serverAddress() {
    return serverAddress;
  }

  String region() {
    return region;
  }

  /** The library that most services call it with. */
  String sdk() {
    return sdk;
  }

  /** Whether its answers have headers that tell what is left of the limits. */
  boolean tellsLimits() {
    return tellsLimits;
  }

  /** The form of its request ids. */
  String requestId(long random) {
    String digits = Hex.of(random);
    return switch (this) {
      case OPENAI -> "req_" + digits;
      case ANTHROPIC -> "req_01" + digits.toUpperCase(Locale.ROOT);
      case GEMINI -> digits;
    };
  }
}
