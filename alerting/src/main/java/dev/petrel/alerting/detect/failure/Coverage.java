// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Series;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a provider's traffic that an episode explains.
 *
 * @param level how much of it
 * @param model the failing model; for a tenant, the one that fails most for it; null for a provider
 * @param tenant the failing tenant; null for a provider or model
 */
public record Coverage(Level level, @Nullable String model, @Nullable String tenant) {

  /** How much of a provider's traffic, from narrow to wide. */
  public enum Level {
    /** One tenant, on whichever of the provider's models. */
    TENANT,
    /** All tenants on one model. */
    MODEL,
    /** All of it. */
    PROVIDER
  }

  static final Coverage PROVIDER = new Coverage(Level.PROVIDER, null, null);

  static Coverage model(String model) {
    return new Coverage(Level.MODEL, model, null);
  }

  static Coverage tenant(String tenant, String model) {
    return new Coverage(Level.TENANT, model, tenant);
  }

  /** Whether this is a part of {@code other} and less than it. */
  boolean isNarrowerThan(Coverage other) {
    return level.compareTo(other.level) < 0
        && (other.level == Level.PROVIDER || String.valueOf(model).equals(other.model));
  }

  /** Whether it explains failures of this tenant on this model. */
  boolean covers(String ofModel, String ofTenant) {
    return switch (level) {
      case PROVIDER -> true;
      case MODEL -> ofModel.equals(model);
      case TENANT -> ofTenant.equals(tenant);
    };
  }

  /** The kind of scope that it is, as alerts label it. */
  String scopeKind() {
    return switch (level) {
      case PROVIDER -> "provider";
      case MODEL -> "model";
      case TENANT -> "tenant_model";
    };
  }

  /** The series of what it covers; of a tenant, on these models. */
  List<Series> seriesOf(Group group, Iterable<String> modelsOfTenant) {
    return switch (level) {
      case PROVIDER -> {
        Series whole = group.whole();
        yield whole == null ? List.of() : List.of(whole);
      }
      case MODEL -> group.ofModel(String.valueOf(model));
      case TENANT -> group.ofTenant(String.valueOf(tenant), modelsOfTenant);
    };
  }

  /** Whether it explains all failures of this model. */
  boolean coversModel(String ofModel) {
    return level == Level.PROVIDER || (level == Level.MODEL && ofModel.equals(model));
  }
}
