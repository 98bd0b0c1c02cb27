// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replaces secrets in free text by tokens that say their kind, like {@code [redacted:openai-key]}.
 *
 * <p>Known are API keys and tokens of LLM providers, clouds and common tools, masked ones included
 * (providers echo the ends of a refused key); values of headers, parameters and variables with
 * secret names, in JSON, Python, curl and header dumps; credentials, tokens and signatures in URLs;
 * JSON Web Tokens; PEM private keys. Nothing of a secret is kept, and redacting twice changes
 * nothing.
 *
 * <p>A secret without any of these marks stays, and so does what is secret for another reason: this
 * is no filter for personal data or prompts. In doubt it redacts, so that a word after {@code
 * password:} can be lost.
 *
 * <p>Takes time linear in the length of the text, whatever the text. Thread-safe.
 */
public final class Redactor {

  /**
   * How far behind a cut is looked, in UTF-16 units. More than any secret needs to be told from
   * other text: one that starts before the cut is known for what it is.
   */
  private static final int MARGIN = 256;

  private static final int LONGEST_TOKEN = 48;

  /** Two do, one of which finds nothing, unless the text is made to need more. */
  private static final int MAX_PASSES = 4;

  private static final Redactor STANDARD = new Redactor();

  private Redactor() {}

  /** The redactor of all kinds of secrets that are known. */
  public static Redactor standard() {
    return STANDARD;
  }

  /** The text without its secrets; the same instance when none is found. */
  public String redact(String text) {
    String redacted = withoutSecrets(text, text.length(), text.length());
    return redacted == null ? text : redacted;
  }

  /**
   * The text without its secrets, cut to {@code maxChars} UTF-16 units. A secret that the cut would
   * split is gone as a whole, and neither a token nor a surrogate pair is split. Looks at a bounded
   * number of characters beyond the cut, however long the text. The same instance when there is
   * nothing to redact or cut.
   *
   * @throws IllegalArgumentException when {@code maxChars} is negative
   */
  public String redact(String text, int maxChars) {
    if (maxChars < 0) {
      throw new IllegalArgumentException("maxChars must not be negative, was " + maxChars);
    }
    int limit = cut(text, maxChars);
    int end = (int) Math.min(text.length(), (long) maxChars + MARGIN);
    String redacted = withoutSecrets(text, end, limit);
    if (redacted != null) {
      return redacted.substring(0, cut(redacted, maxChars));
    }
    return limit == text.length() ? text : text.substring(0, limit);
  }

  /**
   * The event without the secrets in its text fields and in names and values of its attributes; the
   * same instance when none is found. Ids of calls, requests and traces look like none.
   */
  public LlmCallEvent redact(LlmCallEvent event) {
    LlmCallEvent.@Nullable Builder changed = null;
    for (EventField<?> field : EventField.all()) {
      if (event.get(field) instanceof String text) {
        String redacted = redact(text, Math.max(text.length(), EventField.TEXT_LENGTH));
        if (!redacted.equals(text)) {
          changed = changed == null ? event.toBuilder() : changed;
          changed.parse(field, redacted);
        }
      }
    }
    Map<String, String> attributes = event.get(EventField.ATTRIBUTES);
    Map<String, String> redacted = attributes == null ? null : redact(attributes);
    if (redacted != null && !redacted.equals(attributes)) {
      changed = changed == null ? event.toBuilder() : changed;
      changed.set(EventField.ATTRIBUTES, redacted);
    }
    return changed == null ? event : changed.build();
  }

  private Map<String, String> redact(Map<String, String> attributes) {
    Map<String, String> redacted = new LinkedHashMap<>();
    attributes.forEach(
        (name, value) -> {
          String key = redact(name, EventField.TEXT_LENGTH);
          // Two names may differ by their secrets alone; neither value may be lost for that.
          for (int i = 2; redacted.containsKey(key); i++) {
            key = redact(name, EventField.TEXT_LENGTH - 4) + " " + i;
          }
          redacted.put(key, redactNamed(name, value));
        });
    return redacted;
  }

  private String redactNamed(String name, String value) {
    Secret secret = NamedSecrets.valueOf(name, new Window(value, value.length()));
    String rest = secret == null ? value : value.substring(0, secret.start()) + secret.token();
    return redact(rest, EventField.TEXT_LENGTH);
  }

  /**
   * The text up to the limit, looked at up to {@code end}; null when nothing is found. What was
   * found is replaced and looked at once more, until nothing is: with one secret gone, what is
   * before it can look like one too.
   */
  private static @Nullable String withoutSecrets(String text, int end, int limit) {
    String redacted = null;
    String next = new SecretScan(new Window(text, end), limit).run();
    for (int pass = 1; next != null && pass < MAX_PASSES; pass++) {
      redacted = next;
      next = new SecretScan(new Window(next, next.length()), next.length()).run();
    }
    return next == null ? redacted : next;
  }

  /** Where to cut so that neither a pair of surrogates nor a token is split. */
  private static int cut(String text, int maxChars) {
    if (text.length() <= maxChars) {
      return text.length();
    }
    int cut = maxChars;
    for (int i = maxChars - 1; i >= Math.max(0, maxChars - LONGEST_TOKEN); i--) {
      if (text.charAt(i) == ']') {
        break;
      }
      if (new Window(text, text.length()).has(Secret.TOKEN_START, i)) {
        cut = i;
        break;
      }
    }
    return cut > 0 && Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut;
  }
}
