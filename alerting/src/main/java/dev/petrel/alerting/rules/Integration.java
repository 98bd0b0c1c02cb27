// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.notify.Notifier;
import java.util.Set;

/**
 * A kind of receiver: what its entries in the rule file may say, and the notifier of an entry.
 *
 * @param kind names it: its section is {@code KIND_configs}
 * @param keys what an entry may say, besides what every kind has
 * @param reader makes the notifier
 */
public record Integration(String kind, Set<String> keys, Reader reader) {

  public Integration {
    keys = Set.copyOf(keys);
  }

  /** Makes the notifier of an entry. */
  public interface Reader {

    /**
     * The notifier of an entry.
     *
     * @param name of the receiver, for logs and documents
     * @throws RuleFileException when the entry says something wrong
     */
    Notifier read(String name, YamlMap entry, Secrets secrets);
  }

  /** The key of its section. */
  public String section() {
    return kind + "_configs";
  }
}
