// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The set of calls that one aggregate is about.
 *
 * <p>A dimension that its kind does not use is null; one that it uses can be null too, where the
 * events do not tell it (a model without a known provider).
 *
 * @param kind which dimensions count
 * @param environment the environment, null when the events name none
 * @param provider the provider, null when unused or unknown
 * @param model the model without date suffix, null when unused
 * @param tenant the tenant, null when unused
 * @param service the calling service, null when unused
 * @param credential the API key's fingerprint, null when unused
 */
public record Scope(
    ScopeKind kind,
    @Nullable String environment,
    @Nullable String provider,
    @Nullable String model,
    @Nullable String tenant,
    @Nullable String service,
    @Nullable String credential) {

  /**
   * The name of all those together that have no aggregate of their own, because their kind has more
   * than its cap.
   */
  public static final String OTHER = "__other__";

  private static final char SEPARATOR = '|';
  private static final char ESCAPE = '\\';

  /** All calls of an environment. */
  public static Scope all(@Nullable String environment) {
    return new Scope(ScopeKind.ALL, environment, null, null, null, null, null);
  }

  /** The calls to one provider. */
  public static Scope provider(@Nullable String environment, String provider) {
    return new Scope(ScopeKind.PROVIDER, environment, provider, null, null, null, null);
  }

  /** The calls to one model. */
  public static Scope model(@Nullable String environment, @Nullable String provider, String model) {
    return new Scope(ScopeKind.MODEL, environment, provider, model, null, null, null);
  }

  /** The calls of one tenant. */
  public static Scope tenant(@Nullable String environment, String tenant) {
    return new Scope(ScopeKind.TENANT, environment, null, null, tenant, null, null);
  }

  /** The calls of one tenant to one model. */
  public static Scope tenantModel(
      @Nullable String environment, String tenant, @Nullable String provider, String model) {
    return new Scope(ScopeKind.TENANT_MODEL, environment, provider, model, tenant, null, null);
  }

  /** The calls of one service. */
  public static Scope service(@Nullable String environment, String service) {
    return new Scope(ScopeKind.SERVICE, environment, null, null, null, service, null);
  }

  /** The calls with one API key. */
  public static Scope credential(
      @Nullable String environment, @Nullable String provider, String credential) {
    return new Scope(ScopeKind.CREDENTIAL, environment, provider, null, null, null, credential);
  }

  /** All scopes that a call belongs to: up to seven, fewer where it does not tell a dimension. */
  public static List<Scope> allOf(LlmCallEvent event) {
    String environment = event.get(EventField.ENVIRONMENT);
    String provider = event.get(EventField.PROVIDER);
    String model = ModelNames.modelOf(event);
    String tenant = event.get(EventField.TENANT);
    String service = event.get(EventField.SERVICE);
    String credential = event.get(EventField.CREDENTIAL);
    List<Scope> scopes = new ArrayList<>(7);
    scopes.add(all(environment));
    if (provider != null) {
      scopes.add(provider(environment, provider));
    }
    if (model != null) {
      scopes.add(model(environment, provider, model));
    }
    if (tenant != null) {
      scopes.add(tenant(environment, tenant));
    }
    if (tenant != null && model != null) {
      scopes.add(tenantModel(environment, tenant, provider, model));
    }
    if (service != null) {
      scopes.add(service(environment, service));
    }
    if (credential != null) {
      scopes.add(credential(environment, provider, credential));
    }
    return scopes;
  }

  /** All scopes of a kind that are beyond its cap. */
  public static Scope other(ScopeKind kind, @Nullable String environment) {
    return switch (kind) {
      case ALL -> throw new IllegalArgumentException("kind all has no other scopes");
      case PROVIDER -> provider(environment, OTHER);
      case MODEL -> model(environment, null, OTHER);
      case TENANT -> tenant(environment, OTHER);
      case TENANT_MODEL -> tenantModel(environment, OTHER, null, OTHER);
      case SERVICE -> service(environment, OTHER);
      case CREDENTIAL -> credential(environment, null, OTHER);
    };
  }

  /** Whether this is {@link #other} of its kind. */
  public boolean isOther() {
    return kind != ScopeKind.ALL && equals(other(kind, environment));
  }

  /**
   * The scope as a string, unique per scope and stable across releases: what topics are keyed by.
   * Its parts are separated by a pipe; pipes and backslashes inside them are escaped.
   */
  public String key() {
    StringBuilder key = new StringBuilder(64).append(kind.wireName());
    append(key, environment);
    append(key, provider);
    append(key, model);
    append(key, tenant);
    append(key, service);
    append(key, credential);
    return key.toString();
  }

  /**
   * The scope that {@link #key()} gave {@code key} for.
   *
   * @throws IllegalArgumentException when {@code key} is no scope key
   */
  public static Scope ofKey(String key) {
    List<@Nullable String> parts = new ArrayList<>(7);
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == ESCAPE && i + 1 < key.length()) {
        part.append(key.charAt(++i));
      } else if (c == SEPARATOR) {
        parts.add(part.isEmpty() ? null : part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.isEmpty() ? null : part.toString());
    if (parts.size() != 7) {
      throw new IllegalArgumentException("scope key with " + parts.size() + " parts, must be 7");
    }
    return new Scope(
        ScopeKind.named(String.valueOf(parts.get(0))),
        parts.get(1),
        parts.get(2),
        parts.get(3),
        parts.get(4),
        parts.get(5),
        parts.get(6));
  }

  private static void append(StringBuilder key, @Nullable String part) {
    key.append(SEPARATOR);
    if (part == null) {
      return;
    }
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == SEPARATOR || c == ESCAPE) {
        key.append(ESCAPE);
      }
      key.append(c);
    }
  }
}
