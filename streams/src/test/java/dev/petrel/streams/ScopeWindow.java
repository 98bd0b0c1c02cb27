// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Which calls an aggregate of {@link Reference} is about; its own form of scope and window, so that
 * those of the product are checked too. Unused and unknown dimensions are null.
 *
 * @param start of the window, in ms since the epoch
 * @param length of the window, in ms
 */
record ScopeWindow(
    String kind,
    String environment,
    String provider,
    String model,
    String tenant,
    String service,
    String credential,
    long start,
    long length) {

  static final long MINUTE = 60_000;
  static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;

  private static final Pattern DATE = Pattern.compile("[-@]20\\d\\d(-\\d\\d-\\d\\d|\\d{4})$");
  private static final Map<String, String> WITHOUT_DATE = new ConcurrentHashMap<>();

  /** What a published aggregate is about. */
  static ScopeWindow of(CallStats stats) {
    Scope scope = stats.scope();
    return new ScopeWindow(
        scope.kind().wireName(),
        scope.environment(),
        scope.provider(),
        scope.model(),
        scope.tenant(),
        scope.service(),
        scope.credential(),
        stats.windowStart(),
        stats.windowMs());
  }

  /** The minutes of all scopes that an event has to be counted in. */
  static List<ScopeWindow> minutesOf(LlmCallEvent event) {
    String in = event.get(EventField.ENVIRONMENT);
    String provider = event.get(EventField.PROVIDER);
    String model = modelOf(event);
    String tenant = event.get(EventField.TENANT);
    String service = event.get(EventField.SERVICE);
    String credential = event.get(EventField.CREDENTIAL);
    long start = event.timestamp() - event.timestamp() % MINUTE;
    List<ScopeWindow> all = new ArrayList<>(7);
    all.add(new ScopeWindow("all", in, null, null, null, null, null, start, MINUTE));
    if (provider != null) {
      all.add(new ScopeWindow("provider", in, provider, null, null, null, null, start, MINUTE));
    }
    if (model != null) {
      all.add(new ScopeWindow("model", in, provider, model, null, null, null, start, MINUTE));
    }
    if (tenant != null) {
      all.add(new ScopeWindow("tenant", in, null, null, tenant, null, null, start, MINUTE));
    }
    if (tenant != null && model != null) {
      all.add(
          new ScopeWindow("tenant_model", in, provider, model, tenant, null, null, start, MINUTE));
    }
    if (service != null) {
      all.add(new ScopeWindow("service", in, null, null, null, service, null, start, MINUTE));
    }
    if (credential != null) {
      all.add(
          new ScopeWindow("credential", in, provider, null, null, null, credential, start, MINUTE));
    }
    return all;
  }

  private static String modelOf(LlmCallEvent event) {
    String answered = event.get(EventField.RESPONSE_MODEL);
    String model = answered != null ? answered : event.get(EventField.REQUEST_MODEL);
    return model == null
        ? null
        : WITHOUT_DATE.computeIfAbsent(model, name -> DATE.matcher(name).replaceFirst(""));
  }

  /** The longer window that this one is a part of. */
  ScopeWindow in(long longer) {
    return new ScopeWindow(
        kind,
        environment,
        provider,
        model,
        tenant,
        service,
        credential,
        start - start % longer,
        longer);
  }
}
