// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf calls are made, which no HTTP client knows. Immutable and thread-safe.
 *
 * <p>
 *
 * {@snippet :
 * CallContext.ofTenant("acme")
 *     .withFeature("summary")
 *     .call(() -> client.chat().completions().create(params));
 * }
 *
 * @param tenant null when unknown
 * @param user the raw id, which only leaves the application as keyed hash; null when unknown
 * @param conversationId null when unknown
 * @param feature of the product; null when unknown
 * @param attributes extras that go into events as they are
 */
public record CallContext(
    @Nullable String tenant,
    @Nullable String user,
    @Nullable String conversationId,
    @Nullable String feature,
    Map<String, String> attributes) {

  /** Knows nothing. */
  public static final CallContext NONE = new CallContext(null, null, null, null, Map.of());

  /** Copies the attributes. */
  public CallContext {
    attributes = Map.copyOf(attributes);
  }

  /** Calls for a tenant. */
  public static CallContext ofTenant(String tenant) {
    return NONE.withTenant(tenant);
  }

  /** This, with a tenant. */
  public CallContext withTenant(String newTenant) {
    requireNonNull(newTenant, "tenant");
    return new CallContext(newTenant, user, conversationId, feature, attributes);
  }

  /** This, with a user's raw id. */
  public CallContext withUser(String newUser) {
    requireNonNull(newUser, "user");
    return new CallContext(tenant, newUser, conversationId, feature, attributes);
  }

  /** This, with a conversation. */
  public CallContext withConversationId(String newConversationId) {
    requireNonNull(newConversationId, "conversationId");
    return new CallContext(tenant, user, newConversationId, feature, attributes);
  }

  /** This, with a feature. */
  public CallContext withFeature(String newFeature) {
    requireNonNull(newFeature, "feature");
    return new CallContext(tenant, user, conversationId, newFeature, attributes);
  }

  /** This, with one more attribute. */
  public CallContext withAttribute(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(attributes);
    more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
    return new CallContext(tenant, user, conversationId, feature, more);
  }

  /**
   * Does some work whose calls have this context.
   *
   * @throws Exception what the work throws
   */
  public <T> T call(Callable<T> work) throws Exception {
    CallScope scope = open();
    try {
      return work.call();
    } finally {
      scope.close();
    }
  }

  /** Makes this the context of the calls that the thread starts, until the scope is closed. */
  public CallScope open() {
    return CallScope.open(this);
  }

  /** Without user, who is a person. */
  @Override
  public String toString() {
    return "CallContext{tenant=%s, feature=%s}".formatted(tenant, feature);
  }
}
