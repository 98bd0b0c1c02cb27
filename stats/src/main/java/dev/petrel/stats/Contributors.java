// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom failed attempts come from, and the request ids of a few of them. Not thread-safe. */
public final class Contributors {

  private final TopCounts tenants = new TopCounts();
  private final TopCounts instances = new TopCounts();
  private final TopCounts credentials = new TopCounts();
  private final SampleIds requestIds = new SampleIds();

  Contributors() {}

  void add(LlmCallEvent failure) {
    add(tenants, failure.get(EventField.TENANT));
    add(instances, failure.get(EventField.INSTANCE));
    add(credentials, failure.get(EventField.CREDENTIAL));
    String requestId = failure.get(EventField.REQUEST_ID);
    if (requestId != null) {
      requestIds.add(requestId);
    }
  }

  private static void add(TopCounts counts, @Nullable String name) {
    if (name != null) {
      counts.add(name, 1);
    }
  }

  void merge(Contributors other) {
    tenants.merge(other.tenants);
    instances.merge(other.instances);
    credentials.merge(other.credentials);
    requestIds.merge(other.requestIds);
  }

  /** Failed attempts by tenant. */
  public TopCounts tenants() {
    return tenants;
  }

  /** Failed attempts by instance of the calling service. */
  public TopCounts instances() {
    return instances;
  }

  /** Failed attempts by API key's fingerprint. */
  public TopCounts credentials() {
    return credentials;
  }

  /** The provider's request ids of a few failures, chosen evenly among all that have one. */
  public List<String> requestIds() {
    return requestIds.ids();
  }

  int encodedSizeBound() {
    return tenants.encodedSizeBound()
        + instances.encodedSizeBound()
        + credentials.encodedSizeBound()
        + requestIds.encodedSizeBound();
  }

  void encode(ByteBuffer out) {
    tenants.encode(out);
    instances.encode(out);
    credentials.encode(out);
    requestIds.encode(out);
  }

  void merge(ByteBuffer in) {
    tenants.merge(in);
    instances.merge(in);
    credentials.merge(in);
    requestIds.merge(in);
  }
}
