// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.traffic.Window;
import dev.petrel.stats.Scope;
import java.util.Map;
import java.util.Set;

/**
 * Decides whether a failure is spread over the parts of a scope, so that the whole explains it, or
 * is one part's own.
 *
 * <p>It is spread when at least two parts fail, or when what is left without the worst part still
 * fails as a whole: with many small parts, none alone has evidence enough. A part counts as failing
 * from half the evidence that an alert takes, and in the newest minutes alone, because parts that
 * fail of one cause cross the threshold at different times.
 */
final class Spread {

  private final FailureConfig config;

  Spread(FailureConfig config) {
    this.config = config;
  }

  /**
   * Whether it is spread.
   *
   * @param parts the parts by name
   * @param remainder traffic of no named part; it cannot be narrowed down further
   * @param explained parts whose failure is part of the same cause already
   */
  boolean over(Map<String, Window> parts, Window remainder, Set<String> explained) {
    int failing = explained.size() + (fails(remainder) ? 2 : 0);
    Window others = remainder.none();
    others.add(remainder);
    Window worst = remainder.none();
    for (Map.Entry<String, Window> part : parts.entrySet()) {
      Window window = part.getValue();
      if (explained.contains(part.getKey())) {
        continue; // counted already
      }
      others.add(window);
      if (fails(window)) {
        failing += part.getKey().startsWith(Scope.OTHER) ? 2 : 1;
      }
      if (window.bad() > worst.bad()) {
        worst = window;
      }
    }
    return failing >= 2
        || (config.failing(others)
            && (!explained.isEmpty() || config.suspect(others.minus(worst))));
  }

  /** Whether a part counts as failing. */
  boolean fails(Window window) {
    return config.failing(window) || config.suspect(window);
  }
}
