// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.prices.PriceTable;
import dev.petrel.event.redaction.KeyedHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What an application tells of itself, and how its events are completed. Immutable. */
final class ObserverSettings {

  private static final KeyedHash PUBLIC_HASH =
      KeyedHash.withKey("petrel credential fingerprint".getBytes(StandardCharsets.UTF_8));

  private final Map<EventField<String>, String> constants;
  private final @Nullable String provider;
  private final @Nullable KeyedHash hash;
  private final @Nullable String tenantKey;
  private final @Nullable String userKey;
  private final Duration stallTimeout;
  private final @Nullable PriceTable prices;

  private ObserverSettings(Draft draft) {
    constants = Map.copyOf(draft.constants);
    provider = draft.provider;
    hash = draft.hash;
    tenantKey = draft.tenantKey;
    userKey = draft.userKey;
    stallTimeout = draft.stallTimeout;
    prices = draft.prices;
  }

  /** Not before a call asks: the bundled table is read then. */
  PriceTable prices() {
    return prices == null ? PriceTable.bundled() : prices;
  }

  Duration stallTimeout() {
    return stallTimeout;
  }

  /** The endpoint, with the provider that the settings name for hosts that are nobody's own. */
  Endpoint withProvider(Endpoint endpoint) {
    return provider == null || endpoint.isOfKnownHost()
        ? endpoint
        : endpoint.withProvider(provider);
  }

  /** The context, completed by the thread's MDC. */
  CallContext contextOf(CallContext context) {
    CallContext complete = context;
    String tenant = context.tenant() == null ? mdc(tenantKey) : null;
    if (tenant != null) {
      complete = complete.withTenant(tenant);
    }
    String user = context.user() == null && hash != null ? mdc(userKey) : null;
    return user == null ? complete : complete.withUser(user);
  }

  private static @Nullable String mdc(@Nullable String key) {
    return key == null ? null : MDC.get(key);
  }

  String fingerprint(String key) {
    return (hash == null ? PUBLIC_HASH : hash).credential(key);
  }

  /** Puts in what is the same for all events, and on whose behalf: of the user a hash. */
  void complete(LlmCallEvent.Builder event, CallContext context) {
    constants.forEach(event::set);
    FinishedAttempt.put(event, EventField.TENANT, context.tenant());
    FinishedAttempt.put(event, EventField.CONVERSATION_ID, context.conversationId());
    FinishedAttempt.put(event, EventField.FEATURE, context.feature());
    if (!context.attributes().isEmpty()) {
      event.set(EventField.ATTRIBUTES, new TreeMap<>(context.attributes()));
    }
    if (hash != null && context.user() != null && !context.user().isBlank()) {
      event.set(EventField.USER, hash.user(context.user()));
    }
  }

  /** Settings that are being assembled. */
  static final class Draft {
    private final Map<EventField<String>, String> constants = new LinkedHashMap<>();
    private @Nullable String provider;
    private @Nullable KeyedHash hash;
    private @Nullable String tenantKey = "tenant";
    private @Nullable String userKey = "user";
    private Duration stallTimeout = Duration.ofMinutes(10);
    private @Nullable PriceTable prices;

    void put(EventField<String> field, String value) {
      // Refuses a bad value now, not with each event.
      LlmCallEvent.newBuilder().set(field, requireNonNull(value, field.jsonName()));
      constants.put(field, value);
    }

    void provider(String newProvider) {
      LlmCallEvent.newBuilder().set(EventField.PROVIDER, requireNonNull(newProvider, "provider"));
      provider = newProvider;
    }

    void hashKey(String key) {
      hash = KeyedHash.withKey(key.getBytes(StandardCharsets.UTF_8));
    }

    void mdcKeys(@Nullable String tenant, @Nullable String user) {
      tenantKey = tenant;
      userKey = user;
    }

    void stallTimeout(Duration newStallTimeout) {
      if (newStallTimeout.isNegative() || newStallTimeout.isZero()) {
        throw new IllegalArgumentException("stallTimeout must be positive, was " + newStallTimeout);
      }
      stallTimeout = newStallTimeout;
    }

    void prices(PriceTable newPrices) {
      prices = requireNonNull(newPrices, "prices");
    }

    ObserverSettings settings() {
      return new ObserverSettings(this);
    }
  }
}
