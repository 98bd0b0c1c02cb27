// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.notify.NotificationPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a rule file says.
 *
 * @param rules what to look for
 * @param policy whom to tell of alerts, when and how; null when it says nothing of that
 * @param secretFiles the files that its secrets were read from
 */
public record AlertRules(
    List<Rule> rules, @Nullable NotificationPolicy policy, Set<Path> secretFiles) {

  public AlertRules {
    rules = List.copyOf(rules);
    secretFiles = Set.copyOf(secretFiles);
  }
}
