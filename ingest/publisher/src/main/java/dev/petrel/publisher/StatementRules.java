// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How an appender is configured to read statements.
 *
 * @param defaults fields of all statements that do not have them
 * @param attributes names of key-values and context entries that become {@code attributes}
 * @param tenantKey the context's name for the tenant
 * @param userKey the context's name for the user
 * @param userHash makes a raw user id publishable; null when nothing can
 */
record StatementRules(
    Map<EventField<String>, String> defaults,
    Set<String> attributes,
    String tenantKey,
    String userKey,
    @Nullable UnaryOperator<String> userHash) {

  /** Nothing configured. */
  static final StatementRules NONE = new StatementRules(Map.of(), Set.of(), "tenant", "user", null);

  StatementRules {
    defaults = Map.copyOf(defaults);
    attributes = Set.copyOf(attributes);
  }
}
