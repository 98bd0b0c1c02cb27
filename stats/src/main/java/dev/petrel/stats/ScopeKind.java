// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.WireNamed;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the calls of a scope have in common, always within one environment. */
public enum ScopeKind implements WireNamed {
  /** Everything. */
  ALL("all"),
  /** One provider. */
  PROVIDER("provider"),
  /** One model of one provider. */
  MODEL("model"),
  /** One tenant. */
  TENANT("tenant"),
  /** One tenant on one model of one provider. */
  TENANT_MODEL("tenant_model"),
  /** One calling service. */
  SERVICE("service"),
  /** One API key of one provider, by fingerprint. */
  CREDENTIAL("credential");

  private static final ScopeKind[] ALL_KINDS = values();

  private final String wireName;

  ScopeKind(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /**
   * The kind with this wire name.
   *
   * @throws IllegalArgumentException when there is none; names the value and what is allowed
   */
  public static ScopeKind named(String wireName) {
    for (ScopeKind kind : ALL_KINDS) {
      if (kind.wireName.equals(wireName)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "scope: was '%s', must be one of %s"
            .formatted(
                wireName,
                Stream.of(ALL_KINDS).map(ScopeKind::wireName).collect(Collectors.joining(", "))));
  }
}
