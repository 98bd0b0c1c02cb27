// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

/** What a detector has found before. */
public interface Episodes {

  /**
   * Whether there is an episode of this key, which must be reported on also when too little is
   * known to say anything: as {@link Finding.Level#HOLD}.
   */
  boolean isOpen(String key);

  /**
   * Since when the condition of this key holds, or {@code now} when it does not: what came before
   * is what is normal. Without that an episode would become its own baseline.
   */
  long since(String key, long now);
}
