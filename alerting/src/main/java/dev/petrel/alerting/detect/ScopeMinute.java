// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;

/**
 * What alerting needs of a call-stats record: the value of the repartition topic.
 *
 * @param scope the scope's key
 * @param windowStart start of the minute, in ms since the epoch
 * @param revision a higher one replaces a lower one of the same scope and minute
 * @param counts what was counted
 */
public record ScopeMinute(String scope, long windowStart, long revision, Counts counts) {

  /** The key of this scope's minute in the store. */
  String storeKey() {
    return storeKey(scope, windowStart);
  }

  static String storeKey(String scope, long windowStart) {
    return scope + '@' + windowStart;
  }

  /** The group that a scope belongs to: scopes of one provider in one environment meet in one. */
  static String groupOf(Scope scope) {
    return new Scope(
            ScopeKind.PROVIDER, scope.environment(), scope.provider(), null, null, null, null)
        .key();
  }
}
