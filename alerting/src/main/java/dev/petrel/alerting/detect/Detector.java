// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import java.util.List;

/**
 * Looks for one rule's pattern in the traffic of one environment, and keeps its episodes. Keeps its
 * state in the store of its {@link Evaluation}. Not thread-safe.
 */
public interface Detector {

  /** The rules whose episodes it keeps. */
  List<Rule> rules();

  /** How often it is worth while to look, in ms. */
  long intervalMs();

  /** Looks. */
  void evaluate(Evaluation evaluation);

  /**
   * Puts back a state.
   *
   * @param key the part of its key behind the detector's name
   * @throws IllegalArgumentException when the value is none of this release
   */
  void restore(String key, byte[] value);

  /** The detector's name: the prefix of its keys in the store, the same across releases. */
  String name();

  /** The episodes that go on, and those that are about to begin. */
  List<Known> known();
}
