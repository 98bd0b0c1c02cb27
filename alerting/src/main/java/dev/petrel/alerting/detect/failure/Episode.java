// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.alert.Alert;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A firing alert with what it takes to end it.
 *
 * @param alert the document as it was last published
 * @param coverage what it explains now; wider than its labels when the cause has widened
 * @param members the parts that have failed during the episode: models of a provider or tenant,
 *     tenants of a model; all must recover
 * @param recoveringSince since when everything is below the recovery threshold, in ms since the
 *     epoch; null while it is not
 */
public record Episode(
    Alert alert, Coverage coverage, List<String> members, @Nullable Long recoveringSince) {

  /** More members than this are not remembered. */
  static final int MAX_MEMBERS = 100;

  public Episode {
    members = List.copyOf(members);
  }

  Episode recoveringSince(@Nullable Long since) {
    return new Episode(alert, coverage, members, since);
  }
}
