// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code petrel doctor} has found, in order. Not thread-safe. */
final class Findings {

  /** How a part is. */
  enum Verdict {
    OK,
    /** Worth knowing; nothing has to be done. */
    NOTES,
    WARNS,
    FAILS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One thing that was found.
   *
   * @param verdict how bad it is
   * @param part what was looked at
   * @param text what was seen
   * @param remedy what to do, empty when there is nothing to do
   */
  record Finding(Verdict verdict, String part, String text, String remedy) {}

  private final List<Finding> all = new ArrayList<>();

  List<Finding> all() {
    return List.copyOf(all);
  }

  void ok(String part, String text) {
    all.add(new Finding(Verdict.OK, part, text, ""));
  }

  void note(String part, String text, String meaning) {
    all.add(new Finding(Verdict.NOTES, part, text, meaning));
  }

  void warn(String part, String text, String remedy) {
    all.add(new Finding(Verdict.WARNS, part, text, remedy));
  }

  void fail(String part, String text, String remedy) {
    all.add(new Finding(Verdict.FAILS, part, text, remedy));
  }
}
