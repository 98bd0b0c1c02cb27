// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.alert.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the open episodes out of a detector's state without the detector. */
final class OrphanedEpisodes {

  private OrphanedEpisodes() {}

  /** The episodes that go on; none when the state is not readable. */
  static List<Alert> in(byte[] state) {
    List<Alert> found = new ArrayList<>();
    try {
      for (JsonNode node : Json.mapper().readTree(state).findValues("alert")) {
        Alert alert = Json.mapper().treeToValue(node, Alert.class);
        if (alert != null && alert.status() == Status.FIRING) {
          found.add(alert);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      return List.of();
    }
    return found;
  }
}
