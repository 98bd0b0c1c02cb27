// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.notify.Notifier;
import dev.petrel.alerting.notify.Pace;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kind of receiver: what its entries in the rule file may say, and the notifier of an entry.
 *
 * @param kind names it: its section is {@code KIND_configs}
 * @param keys what an entry may say, besides what every kind has
 * @param pace the receiver's own limit
 * @param refreshInterval how often an incident that goes on must be told again; null for never
 * @param reader makes the notifier
 */
public record Integration(
    String kind, Set<String> keys, Pace pace, @Nullable Duration refreshInterval, Reader reader) {

  public Integration {
    keys = Set.copyOf(keys);
  }

  /** Makes the notifier of an entry. */
  public interface Reader {

    /**
     * The notifier of an entry.
     *
     * @throws RuleFileException when the entry says something wrong
     */
    Notifier read(YamlMap entry, Secrets secrets);
  }

  /** The key of its section. */
  public String section() {
    return kind + "_configs";
  }
}
