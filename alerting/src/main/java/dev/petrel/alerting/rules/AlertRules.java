// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.notify.NotificationPolicy;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a rule file says.
 *
 * @param policy whom to tell of alerts, when and how
 * @param secretFiles the files that its secrets were read from
 */
public record AlertRules(NotificationPolicy policy, Set<Path> secretFiles) {

  public AlertRules {
    secretFiles = Set.copyOf(secretFiles);
  }
}
