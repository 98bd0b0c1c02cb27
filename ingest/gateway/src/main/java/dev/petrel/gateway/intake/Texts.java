// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.redaction.Redactor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Fits texts of others into the event's fields. */
public final class Texts {

  /** As many attributes as an event takes. */
  public static final int MAX_ATTRIBUTES = 32;

  private Texts() {}

  /**
   * Whether a text has a form in UTF-8. Escapes in JSON can make halves of surrogate pairs, which
   * have none.
   */
  static boolean isEncodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean isPair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!isPair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static String encodable(String text) {
    return isEncodable(text) ? text : new String(text.getBytes(UTF_8), UTF_8);
  }

  /** The text, cut to what a field takes; no pair of surrogates is split, and no half is left. */
  public static String cut(String raw) {
    String text = encodable(raw);
    int length = EventField.TEXT_LENGTH;
    if (text.length() <= length) {
      return text;
    }
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
  }

  /** Sets a text field; what is blank is unknown, what is too long is cut. */
  public static void put(
      LlmCallEvent.Builder event, EventField<String> field, @Nullable String text) {
    if (text != null && !text.isBlank()) {
      event.set(field, cut(text));
    }
  }

  /**
   * Sets the error's message, redacted before it is cut: what is left of a key that is cut may not
   * look like one.
   */
  public static void putMessage(LlmCallEvent.Builder event, @Nullable String message) {
    if (message != null && !message.isBlank()) {
      String redacted =
          Redactor.standard().redact(encodable(message.strip()), EventField.MESSAGE_LENGTH);
      event.set(EventField.ERROR_MESSAGE, redacted.isEmpty() ? null : redacted);
    }
  }

  /** An id that is the same for the same bytes, and for no others. */
  public static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** An id as it stands, or its hash when it is longer than an event's may be. */
  public static String id(String id) {
    return id.length() <= EventField.TEXT_LENGTH ? id : hash(id.getBytes(UTF_8));
  }
}
