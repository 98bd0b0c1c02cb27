// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import org.jspecify.annotations.Nullable;

/** Finds what stands before the host in a URL or connection string: {@code //user:pass@host}. */
final class UrlCredentials {

  private static final String KIND = "url-credentials";
  private static final CharClass ENDS_AUTHORITY = CharClass.of("/?#\"',<>[]\\ \t\r\n");
  private static final CharClass ENDS_URL = CharClass.of("\"'<>[] \t\r\n");

  /** No host: an IPv6 address, or a place to be filled in. */
  private static final CharClass NO_CREDENTIALS = CharClass.of("[{$%<");

  /** How far an unescaped slash in a password may be from its {@code @}. */
  private static final int MAX_PASSWORD_REST = 128;

  private UrlCredentials() {}

  /** Whether the colon is one of {@code ://}. */
  static boolean follow(Window window, int colon) {
    return window.after("//", colon + 1) > 0;
  }

  /** The credentials after the {@code ://} whose colon is at {@code colon}; null when none are. */
  static @Nullable Secret at(Window window, int colon) {
    int start = window.after("//", colon + 1);
    if (NO_CREDENTIALS.has(window.at(start))) {
      return null;
    }
    int at = -1;
    int firstColon = -1;
    boolean port = true;
    int end = start;
    while (end < window.end() && !ENDS_AUTHORITY.has(window.at(end))) {
      char c = window.at(end);
      if (c == '@') {
        at = end;
      } else if (c == ':' && firstColon < 0) {
        firstColon = end;
      } else if (firstColon >= 0) {
        port &= CharClass.DIGIT.has(c) || ")].;".indexOf(c) >= 0;
      }
      end++;
    }
    if (at > start && (firstColon >= 0 ? firstColon < at : Opaque.at(window, start))) {
      return new Secret(start, at, KIND);
    }
    // What follows the colon is no port, so it is a password: with a slash in it, or cut.
    boolean password = at < 0 && firstColon > start && !port;
    if (password && (end == window.end() || window.at(end) == '/')) {
      return new Secret(start, passwordEnd(window, end), KIND);
    }
    return null;
  }

  private static int passwordEnd(Window window, int authorityEnd) {
    for (int i = authorityEnd; i < authorityEnd + MAX_PASSWORD_REST; i++) {
      if (window.at(i) == '@') {
        return i;
      }
      if (i >= window.end() || ENDS_URL.has(window.at(i))) {
        break;
      }
    }
    return authorityEnd;
  }
}
