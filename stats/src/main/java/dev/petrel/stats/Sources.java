// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where all attempts of a service come from, failed or not: what failures are compared with to tell
 * a bad instance or version from a busy one. Not thread-safe.
 */
public final class Sources {

  private final TopCounts instances = new TopCounts();
  private final TopCounts versions = new TopCounts();

  Sources() {}

  void add(LlmCallEvent event) {
    add(instances, event.get(EventField.INSTANCE));
    add(versions, event.get(EventField.VERSION));
  }

  private static void add(TopCounts counts, @Nullable String name) {
    if (name != null) {
      counts.add(name, 1);
    }
  }

  void merge(Sources other) {
    instances.merge(other.instances);
    versions.merge(other.versions);
  }

  /** Attempts by instance of the service. */
  public TopCounts instances() {
    return instances;
  }

  /** Attempts by version of the service. */
  public TopCounts versions() {
    return versions;
  }

  int encodedSizeBound() {
    return instances.encodedSizeBound() + versions.encodedSizeBound();
  }

  void encode(ByteBuffer out) {
    instances.encode(out);
    versions.encode(out);
  }

  void merge(ByteBuffer in) {
    instances.merge(in);
    versions.merge(in);
  }
}
