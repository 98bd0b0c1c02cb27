// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.stats.Measures;
import dev.petrel.stats.ModelNames;
import dev.petrel.stats.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A plain computation of what the topology must give, written without its code. */
final class Reference {

  private Reference() {}

  static List<Scope> scopesOf(LlmCallEvent event) {
    String environment = event.get(EventField.ENVIRONMENT);
    String provider = event.get(EventField.PROVIDER);
    String model = ModelNames.modelOf(event);
    String tenant = event.get(EventField.TENANT);
    List<Scope> scopes = new ArrayList<>();
    scopes.add(Scope.all(environment));
    if (provider != null) {
      scopes.add(Scope.provider(environment, provider));
    }
    if (model != null) {
      scopes.add(Scope.model(environment, provider, model));
    }
    if (tenant != null) {
      scopes.add(Scope.tenant(environment, tenant));
      if (model != null) {
        scopes.add(Scope.tenantModel(environment, tenant, provider, model));
      }
    }
    if (event.get(EventField.SERVICE) != null) {
      scopes.add(Scope.service(environment, event.get(EventField.SERVICE)));
    }
    if (event.get(EventField.CREDENTIAL) != null) {
      scopes.add(Scope.credential(environment, provider, event.get(EventField.CREDENTIAL)));
    }
    return scopes;
  }

  /** All of the binary form but the double sums, whose last bits depend on the order of adding. */
  static String exactPart(Measures measures) {
    StringBuilder text = new StringBuilder();
    for (double q = 0; q <= 1; q += 0.05) {
      text.append(measures.latencyMs().quantile(q)).append(' ');
      text.append(measures.inputTokensPerCall().quantile(q)).append(' ');
    }
    byte[] bytes = measures.toBytes();
    int counters = bytes.length;
    return text.append(counters)
        .append(Arrays.toString(Arrays.copyOf(bytes, 20)))
        .append(measures.attempts())
        .append('/')
        .append(measures.calls())
        .append('/')
        .append(measures.retries())
        .append('/')
        .append(measures.errorAttempts())
        .append('/')
        .append(measures.tokens(EventField.INPUT_TOKENS))
        .append('/')
        .append(measures.costNanoUsd())
        .toString();
  }
}
