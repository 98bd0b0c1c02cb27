// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.alerting.notify.Links;
import dev.petrel.alerting.notify.Notifiers;
import dev.petrel.alerting.rules.AlertRules;
import dev.petrel.alerting.rules.AlertRulesReader;
import dev.petrel.alerting.rules.Integrations;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Reads rule files without their secrets, for commands that tell nobody anything. */
final class RuleFiles {

  private RuleFiles() {}

  /**
   * Reads a file.
   *
   * @throws dev.petrel.alerting.rules.RuleFileException with the place of the first mistake
   * @throws IOException when it cannot be read
   */
  static AlertRules read(Path file) throws IOException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      Notifiers.Common common =
          new Notifiers.Common(
              client,
              new Links(URI.create("http://127.0.0.1:8080")),
              Duration.ofSeconds(1),
              InstantSource.system());
      return AlertRulesReader.withoutSecrets(Integrations.all(common))
          .read(file, Files.readAllBytes(file));
    }
  }
}
