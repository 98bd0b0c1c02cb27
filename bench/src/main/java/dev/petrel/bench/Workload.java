// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.time.Duration;

/**
 * The size and shape of a generated load; the same load with the same seed is the same events.
 *
 * @param events records, retries and duplicates included
 * @param tenants how many there are; the n-th gets a share of the calls proportional to 1/n
 * @param models how many there are, spread over three providers
 * @param span event time that the load covers
 * @param seed of everything random
 */
record Workload(long events, int tenants, int models, Duration span, long seed) {

  Workload {
    if (events < 1) {
      throw new IllegalArgumentException("events must be positive: " + events);
    }
    if (tenants < 1) {
      throw new IllegalArgumentException("tenants must be positive: " + tenants);
    }
    if (models < 1) {
      throw new IllegalArgumentException("models must be positive: " + models);
    }
    // Events older than a day are refused by Petrel's default.
    if (span.toMillis() < 1000 || span.compareTo(Duration.ofHours(23)) > 0) {
      throw new IllegalArgumentException("span must be between 1s and 23h: " + span);
    }
  }

  Workload withTenants(int tenants) {
    return new Workload(events, tenants, models, span, seed);
  }
}
