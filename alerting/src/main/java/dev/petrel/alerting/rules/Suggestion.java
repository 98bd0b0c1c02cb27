// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What somebody may have meant who has mistyped a name. */
final class Suggestion {

  private Suggestion() {}

  /** As {@code , did you mean 'receiver'?}, or empty when no name is near. */
  static String of(String typed, Collection<String> names) {
    String nearest = nearest(typed, names);
    return nearest == null ? "" : ", did you mean '" + nearest + "'?";
  }

  private static @Nullable String nearest(String typed, Collection<String> names) {
    String nearest = null;
    int least = Math.max(1, typed.length() / 3) + 1;
    for (String name : new TreeSet<>(names)) {
      int distance =
          name.startsWith(typed + "_")
              ? 1
              : distance(typed.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    return nearest;
  }

  /** Levenshtein's: insertions, deletions and replacements. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
