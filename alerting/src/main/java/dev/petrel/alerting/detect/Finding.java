// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Severity;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A condition of a rule that holds, or has not recovered yet.
 *
 * @param key what it is about, the same each time; unique within the detector
 * @param labels what it is about, for people and routes
 * @param level how far it is
 * @param severity how bad it is
 * @param story what to tell about it
 */
public record Finding(
    String key, Map<String, String> labels, Level level, Severity severity, Supplier<Story> story) {

  /** Whether the condition holds. What has recovered is no finding at all. */
  public enum Level {
    /** It holds: a new episode may begin. */
    ABOVE,
    /** It holds no longer, but has not recovered either, or too little is known to say. */
    HOLD
  }

  /**
   * What to tell.
   *
   * @param summary one sentence for the engineer on call
   * @param facts what messages show
   * @param evidence the numbers
   */
  public record Story(String summary, Map<String, String> facts, Map<String, Object> evidence) {}
}
