// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The callers of the load: few tenants make most calls, a tenant uses mostly one service and at
 * times a second, and has a credential of its own at each provider. Immutable.
 */
final class Population {

  private static final int SERVICES = 12;
  private static final int INSTANCES = 5 * SERVICES;
  private static final int CREDENTIALS = 20;
  private static final int USERS_PER_TENANT = 500;

  private final Zipf tenants;
  private final Zipf models;
  private final List<ModelProfile> profiles;

  Population(int tenants, int models) {
    this.tenants = new Zipf(tenants);
    this.models = new Zipf(models);
    this.profiles = IntStream.range(0, models).mapToObj(ModelProfile::numbered).toList();
  }

  Caller next(RandomGenerator random) {
    int tenant = tenants.next(random);
    boolean second = random.nextInt(5) == 0;
    int service = (tenant * 7 + (second ? 5 : 0)) % SERVICES;
    int instance = service + SERVICES * random.nextInt(INSTANCES / SERVICES);
    ModelProfile model = profiles.get((models.next(random) + tenant) % profiles.size());
    return new Caller(
        "tenant-" + tenant,
        hex(tenant * 31L + random.nextInt(USERS_PER_TENANT)),
        "service-" + service,
        "service-" + service + "-pod-" + instance,
        hex((tenant + model.provider().length()) % CREDENTIALS).substring(0, 8),
        model);
  }

  /** 16 hexadecimal digits that look random, the same for the same number. */
  private static String hex(long number) {
    long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
    return HexFormat.of().toHexDigits(mixed ^ (mixed >>> 29));
  }
}
