// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.stats.ModelNames;
import dev.petrel.stats.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that calls are told apart by. All scopes that a call belongs to follow from it, seven
 * when every dimension is known.
 */
record Dimensions(
    @Nullable String environment,
    @Nullable String provider,
    @Nullable String model,
    @Nullable String tenant,
    @Nullable String service,
    @Nullable String credential) {

  static Dimensions of(LlmCallEvent event) {
    return new Dimensions(
        event.get(EventField.ENVIRONMENT),
        event.get(EventField.PROVIDER),
        ModelNames.modelOf(event),
        event.get(EventField.TENANT),
        event.get(EventField.SERVICE),
        event.get(EventField.CREDENTIAL));
  }

  /** The scopes of its calls; a dimension that they do not tell has none. */
  List<Scope> scopes() {
    List<Scope> scopes = new ArrayList<>(7);
    scopes.add(Scope.all(environment));
    if (provider != null) {
      scopes.add(Scope.provider(environment, provider));
    }
    if (model != null) {
      scopes.add(Scope.model(environment, provider, model));
    }
    if (tenant != null) {
      scopes.add(Scope.tenant(environment, tenant));
    }
    if (tenant != null && model != null) {
      scopes.add(Scope.tenantModel(environment, tenant, provider, model));
    }
    if (service != null) {
      scopes.add(Scope.service(environment, service));
    }
    if (credential != null) {
      scopes.add(Scope.credential(environment, provider, credential));
    }
    return scopes;
  }
}
