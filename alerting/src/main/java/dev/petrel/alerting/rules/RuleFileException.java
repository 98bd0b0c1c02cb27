// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import java.io.Serial;

/** A mistake in the rule file: {@code file:line: key: what is wrong, what is allowed}. */
public final class RuleFileException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  RuleFileException(String message) {
    super(message);
  }

  /**
   * @param line counted from 1; 0 for the file as a whole
   * @param path of keys, as {@code route.routes[0].receiver}; empty for none
   */
  static RuleFileException at(String file, int line, String path, String problem) {
    return new RuleFileException(
        file + (line > 0 ? ":" + line : "") + ": " + (path.isEmpty() ? "" : path + ": ") + problem);
  }
}
