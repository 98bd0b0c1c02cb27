// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import java.util.Map;

/**
 * What the service is started with.
 *
 * @param port where it listens, on the loopback interface; 0 for any free one
 * @param fakeProvider whether it asks a provider of its own that plays answers and failures
 * @param model asked for, {@code OPENAI_MODEL}
 * @param kafka {@code PETREL_KAFKA_BOOTSTRAP_SERVERS}; {@code logback.xml} reads it too
 * @param hashKey {@code PETREL_HASH_KEY}, under which users are hashed; so does {@code logback.xml}
 */
record BotSettings(int port, boolean fakeProvider, String model, String kafka, String hashKey) {

  private static final String USAGE = "Usage: SupportBot [--fake-provider] [--port N]";
  private static final int MAX_PORT = 65_535;

  /**
   * The settings of a command line.
   *
   * @throws IllegalArgumentException when it can't be understood; the message says how to write it
   */
  static BotSettings of(String[] arguments, Map<String, String> environment) {
    int port = 8090;
    boolean fakeProvider = false;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--fake-provider")) {
        fakeProvider = true;
      } else if (arguments[i].equals("--port") && i + 1 < arguments.length) {
        port = port(arguments[++i]);
      } else {
        throw new IllegalArgumentException(USAGE);
      }
    }
    return new BotSettings(
        port,
        fakeProvider,
        environment.getOrDefault("OPENAI_MODEL", "gpt-4o"),
        environment.getOrDefault("PETREL_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"),
        // So that users show at once. Of a key that everybody can read here, no real service's.
        environment.getOrDefault("PETREL_HASH_KEY", "only-to-try-petrel-out"));
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(USAGE);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "BotSettings{port=%d, fakeProvider=%s, model=%s, kafka=%s}"
        .formatted(port, fakeProvider, model, kafka);
  }
}
