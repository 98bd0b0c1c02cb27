// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that its prefix gives away: {@code prefix} and at least {@code minBody} of {@code body}.
 *
 * <p>Fewer will do where a mask follows ({@code sk-WRQs***}), or where the text ends, as it may
 * have been cut there. The key ends where neither its own characters nor those of a word go on.
 *
 * @param keepsPrefix whether the prefix is no part of the secret, as with a webhook's host
 */
record KeyFormat(String kind, String prefix, CharClass body, int minBody, boolean keepsPrefix)
    implements WordFormat {

  /** A prefix this long is no accident, so that a cut key is known by one character after it. */
  private static final int TELLING_PREFIX = 6;

  /** Of a cut key with a shorter prefix, this many are needed, and not of a plain word. */
  private static final int MIN_CUT_BODY = 5;

  private static final CharClass NOT_IN_PLAIN_WORDS = CharClass.UPPER.or(CharClass.DIGIT);

  KeyFormat {
    if (prefix.length() < 2 || minBody < 1 || minBody > 128) {
      throw new IllegalArgumentException("prefix or minBody of " + kind + " out of bounds");
    }
  }

  @Override
  public List<String> starts() {
    return List.of(prefix.substring(0, 2));
  }

  @Override
  public @Nullable Secret at(Window window, int i) {
    int bodyStart = window.after(prefix, i);
    if (bodyStart < 0) {
      return null;
    }
    int end = bodyStart;
    int length = 0;
    boolean plain = true;
    while (length < minBody) {
      int unit = window.unit(end, body);
      if (unit == 0) {
        break;
      }
      plain &= !NOT_IN_PLAIN_WORDS.has(window.at(end));
      end += unit;
      length++;
    }
    boolean found =
        length == minBody
            || (end == window.end() && isCutKey(length, plain))
            || window.mask(end) > 0;
    return found ? new Secret(keepsPrefix ? bodyStart : i, keyEnd(window, end), kind) : null;
  }

  private boolean isCutKey(int length, boolean plain) {
    return prefix.length() >= TELLING_PREFIX ? length > 0 : length >= MIN_CUT_BODY && !plain;
  }

  private int keyEnd(Window window, int start) {
    CharClass chars = body.or(CharClass.WORD);
    int end = start;
    int masked = start;
    while (true) {
      int unit = window.unit(end, chars);
      if (unit == 0) {
        unit = window.mask(end);
        masked = end + unit;
      }
      if (unit == 0) {
        break;
      }
      end += unit;
    }
    // A full stop after the key is the sentence's.
    while (end > masked && window.at(end - 1) == '.') {
      end--;
    }
    return end;
  }
}
