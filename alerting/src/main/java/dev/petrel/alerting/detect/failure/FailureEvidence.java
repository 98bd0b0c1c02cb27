// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.petrel.alerting.alert.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers behind an alert about failing attempts: its {@code evidence} object.
 *
 * @param scopeKind what the episode covers now; wider than the label when the cause has widened
 * @param windowStart start of the window judged, in ms since the epoch
 * @param windowMs its length up to this version, in ms
 * @param attempts attempts in it
 * @param bad failed ones
 * @param ratio their share
 * @param recentRatio the share in the newest part of the window, where it is highest: at first, the
 *     minutes before the onset still dilute the ratio
 * @param recentBad failed attempts in that part
 * @param recentAttempts attempts in it
 * @param recentMs its length in ms
 * @param peakRatio the highest recent share of the episode
 * @param normalRatio the share in the minutes before the episode; null when too little is known
 * @param errors failed attempts by error type, the five most frequent
 * @param fault on whose side most of them have to be mended
 * @param affectedModels the worst models, at most ten
 * @param affectedModelsCount how many there are
 * @param affectedTenants the worst tenants, at most ten
 * @param affectedTenantsCount how many there are
 * @param amplification attempts by calls; null when no call is known
 * @param requestIds the provider's request ids of a few failures
 * @param widenedAt when the cause was last found to be wider, in ms since the epoch; null for never
 */
record FailureEvidence(
    String scopeKind,
    long windowStart,
    long windowMs,
    long attempts,
    long bad,
    double ratio,
    double recentRatio,
    long recentBad,
    long recentAttempts,
    long recentMs,
    double peakRatio,
    @Nullable Double normalRatio,
    Map<String, Long> errors,
    String fault,
    List<String> affectedModels,
    int affectedModelsCount,
    List<String> affectedTenants,
    int affectedTenantsCount,
    @Nullable Double amplification,
    List<String> requestIds,
    @Nullable Long widenedAt) {

  Map<String, Object> asMap() {
    return Json.mapper().convertValue(this, new TypeReference<Map<String, Object>>() {});
  }
}
