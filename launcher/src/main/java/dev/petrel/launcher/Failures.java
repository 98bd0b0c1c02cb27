// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures as an operator reads them: one message; the stack trace goes to the log. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static String inWords(Throwable failure) {
    LOG.atDebug().setCause(failure).log("command failed");
    Throwable cause = failure;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
