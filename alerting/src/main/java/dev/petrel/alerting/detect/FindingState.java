// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a detector remembers of one finding: the value of the state store.
 *
 * @param labels what it is about
 * @param since since when the condition holds without a break, in ms since the epoch
 * @param alert the episode; null while the condition has not held for long enough
 * @param recoveringSince since when it has recovered; null while it has not
 */
public record FindingState(
    Map<String, String> labels, long since, @Nullable Alert alert, @Nullable Long recoveringSince) {

  FindingState with(@Nullable Alert newAlert, @Nullable Long newRecoveringSince) {
    return new FindingState(labels, since, newAlert, newRecoveringSince);
  }
}
