// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a route tells: all of its targets.
 *
 * @param name as routes refer to it
 * @param targets none for a receiver that tells nobody
 * @param fallback the receiver that is told when a target finally is not; null for none
 */
public record Receiver(String name, List<Target> targets, @Nullable String fallback) {

  public Receiver {
    requireNonNull(name, "name");
    targets = List.copyOf(targets);
  }
}
