// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a secret, or the word before one, looks like at the start of a word. */
sealed interface WordFormat permits KeyFormat, AnnouncedToken {

  /** The two characters that it starts with, in each case that they may have; all ASCII. */
  List<String> starts();

  /**
   * The secret that starts at {@code i}, or is announced there; null when there is none. Looks at a
   * bounded number of characters before it finds that there is none.
   */
  @Nullable Secret at(Window window, int i);
}
