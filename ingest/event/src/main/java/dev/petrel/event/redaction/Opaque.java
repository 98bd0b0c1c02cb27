// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

/**
 * Tells what looks made by a machine, as keys are, from words, numbers, names and UUIDs.
 *
 * <p>Looks at {@link #SAMPLE} characters at most.
 */
final class Opaque {

  /** As many characters as decide; bounds the work on what turns out to be no secret. */
  static final int SAMPLE = 64;

  private static final int MIN_LENGTH = 16;
  private static final CharClass CHARS = CharClass.of("A-Za-z0-9_.~+/=-");
  private static final CharClass JOINTS = CharClass.of("_./-");

  private Opaque() {}

  /**
   * Whether the run of key characters at {@code start} is long, and of letters and digits mixed.
   */
  static boolean at(Window window, int start) {
    int length = 0;
    boolean digits = false;
    boolean lower = false;
    boolean upper = false;
    boolean joints = false;
    while (length < SAMPLE) {
      int unit = window.unit(start + length, CHARS);
      char c = window.at(start + length);
      if (unit != 1) {
        break;
      }
      digits |= CharClass.DIGIT.has(c);
      lower |= c >= 'a' && c <= 'z';
      upper |= CharClass.UPPER.has(c);
      joints |= JOINTS.has(c);
      length++;
    }
    // Model names, paths and UUIDs have joints and mostly one case.
    return length >= MIN_LENGTH && digits && (lower || upper) && (!joints || (lower && upper));
  }
}
