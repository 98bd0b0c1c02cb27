// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import org.jspecify.annotations.Nullable;

/** The headers of a request or response, as an HTTP client has them. */
@FunctionalInterface
public interface HeaderSource {

  /**
   * The first value of a header.
   *
   * @param name in lower case; to be compared without regard to case
   * @return null when there is none
   */
  @Nullable String first(String name);
}
