// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import org.jspecify.annotations.Nullable;

/**
 * One pass over a text, from left to right, that replaces each secret by its token.
 *
 * <p>Most characters are passed by after one look-up. The others start a word, or delimit a name
 * from its value, or are rare ones that are found inside of secrets, and are handed to who knows
 * them. Each of these looks at a bounded number of characters around before it says no; when it
 * says yes, the pass goes on after the secret. So no character is looked at more often than a
 * constant number of times, and the work is linear in the length of the text, whatever the text.
 *
 * <p>Not thread-safe; made for one text.
 */
final class SecretScan {

  private enum Role {
    ALNUM,
    OTHER,
    COLON,
    EQUALS,
    COMMA,
    ANGLE,
    TILDE,
    DASH,
    STAR,
    ESCAPE,
    COLOR
  }

  private static final char ESC = '\u001b';
  private static final int MAX_COLOR = 12;
  private static final Role[] ROLES = new Role[128];

  static {
    for (char c = 0; c < ROLES.length; c++) {
      ROLES[c] =
          switch (c) {
            case ':' -> Role.COLON;
            case '=' -> Role.EQUALS;
            case ',' -> Role.COMMA;
            case '>' -> Role.ANGLE;
            case '~' -> Role.TILDE;
            case '-' -> Role.DASH;
            case '*' -> Role.STAR;
            case '\\', '%' -> Role.ESCAPE;
            case ESC -> Role.COLOR;
            default -> CharClass.ALNUM.has(c) ? Role.ALNUM : Role.OTHER;
          };
    }
  }

  private final Window window;
  private final int limit;
  private @Nullable StringBuilder redacted;
  private int copied;

  /** Secrets are known by what {@code window} shows, and replaced where they start before limit. */
  SecretScan(Window window, int limit) {
    this.window = window;
    this.limit = limit;
  }

  /** The text up to the limit with its secrets replaced; null when there are none. */
  @Nullable String run() {
    boolean inWord = false;
    int i = 0;
    int end = Math.min(window.end(), limit + Shapes.MAX_BEFORE);
    while (i < end) {
      char c = window.text().charAt(i);
      Role role = c < ROLES.length ? ROLES[c] : Window.isMask(c) ? Role.STAR : Role.OTHER;
      int next = i + 1;
      if (role == Role.ALNUM) {
        Secret secret = inWord ? null : KeyFormats.at(window, i);
        inWord = true;
        if (secret != null) {
          next = replace(secret);
        }
      } else {
        inWord = false;
        if (role != Role.OTHER) {
          next = special(role, i);
        }
      }
      i = next;
    }
    if (redacted != null && copied < limit) {
      redacted.append(window.text(), copied, limit);
    }
    return redacted == null ? null : redacted.toString();
  }

  /** Handles what is at {@code i} and tells where to go on. */
  private int special(Role role, int i) {
    Secret secret = null;
    int next = i + 1;
    switch (role) {
      case COLON ->
          secret = UrlCredentials.follow(window, i) ? UrlCredentials.at(window, i) : named(i);
      case EQUALS -> secret = named(i);
      case COMMA ->
          secret = CharClass.QUOTE.has(window.at(i - 1)) ? NamedSecrets.at(window, i, 1) : null;
      case ANGLE ->
          secret = CharClass.ALNUM.has(window.at(i - 1)) ? NamedSecrets.at(window, i, 1) : null;
      case TILDE -> secret = Shapes.azureSecretAt(window, i, copied);
      case DASH -> secret = Shapes.privateKeyAt(window, i);
      case STAR -> {
        secret = Shapes.maskedAt(window, i, copied);
        next = Shapes.afterMask(window, i);
      }
      case ESCAPE -> {
        int length = window.escape(i);
        char meant = window.unescaped(i, length);
        secret = meant == '=' || meant == ':' ? NamedSecrets.at(window, i, length) : null;
        next = i + Math.max(1, length);
      }
      case COLOR -> next = afterColor(i);
      case ALNUM, OTHER -> throw new AssertionError(role);
    }
    return secret == null ? next : replace(secret);
  }

  private @Nullable Secret named(int delimiter) {
    int end = delimiter + 1;
    // := and == and =>
    if (window.at(end) == '=' || (window.at(end) == '>' && window.at(delimiter) == '=')) {
      end++;
    }
    return NamedSecrets.at(window, delimiter, end - delimiter);
  }

  /** After a terminal's color sequence, whose last letter would look like part of a word. */
  private int afterColor(int escape) {
    for (int i = escape + 1; i < escape + MAX_COLOR; i++) {
      if (window.at(i) == 'm') {
        return i + 1;
      }
    }
    return escape + 1;
  }

  private int replace(Secret secret) {
    if (secret.start() >= limit) {
      return secret.end();
    }
    StringBuilder out = redacted;
    if (out == null) {
      out = new StringBuilder(limit + 64);
      redacted = out;
    }
    out.append(window.text(), copied, secret.start()).append(secret.token());
    copied = secret.end();
    return copied;
  }
}
