// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.util.regex.Pattern;

/** What Log4j2 and Logback leave of a reference that leads nowhere, where a value should be. */
final class UnresolvedReference {

  private static final Pattern FORMS =
      Pattern.compile(".*\\$\\{.*|.*_IS_UNDEFINED.*", Pattern.DOTALL);

  private UnresolvedReference() {}

  /** Whether a setting's text has one in it. */
  static boolean isIn(String setting) {
    return FORMS.matcher(setting).matches();
  }
}
