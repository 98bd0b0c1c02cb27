// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a failed attempt; any part may be absent.
 *
 * @param provider for example {@code openai} or {@code gcp.gemini}; null when unknown
 * @param status the response's HTTP status; null when there was no response, or when it is unknown
 * @param headers the response's headers, names in lower case
 * @param text the response's body, an exception's text or a log line; null when there is none
 * @param exception what the client threw; null when nothing, or when it is not at hand
 * @param cancelled whether the caller is known to have given up; exceptions alone do not always
 *     tell (OkHttp, for one, reports an interrupt as a timeout)
 */
public record ErrorReport(
    @Nullable String provider,
    @Nullable Integer status,
    Map<String, String> headers,
    @Nullable String text,
    @Nullable Throwable exception,
    boolean cancelled) {

  /** Copies the headers, with their names in lower case. */
  public ErrorReport {
    Map<String, String> lowerCase = new TreeMap<>();
    headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
    headers = Map.copyOf(lowerCase);
  }

  /** What came as an answer. */
  public static ErrorReport ofResponse(
      @Nullable String provider,
      @Nullable Integer status,
      Map<String, String> headers,
      @Nullable String body) {
    return new ErrorReport(provider, status, headers, body, null, false);
  }

  /** What is known as text only, for example from a log. */
  public static ErrorReport ofText(@Nullable String provider, String text) {
    return new ErrorReport(provider, null, Map.of(), text, null, false);
  }

  /** What the client threw before there was a response. */
  public static ErrorReport ofException(@Nullable String provider, Throwable exception) {
    return new ErrorReport(provider, null, Map.of(), null, exception, false);
  }

  /** What an event tells that names no type of its error. */
  public static ErrorReport ofEvent(LlmCallEvent event) {
    Long status = event.get(EventField.HTTP_STATUS);
    StringBuilder text = new StringBuilder();
    append(text, "", event.get(EventField.EXCEPTION_CLASS));
    append(text, "", event.get(EventField.ERROR_MESSAGE));
    append(text, "code: ", event.get(EventField.PROVIDER_ERROR_CODE));
    append(text, "type: ", event.get(EventField.PROVIDER_ERROR_TYPE));
    return new ErrorReport(
        event.get(EventField.PROVIDER),
        status == null ? null : status.intValue(),
        Map.of(),
        text.toString(),
        null,
        event.outcome() == Outcome.CANCELLED);
  }

  private static void append(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append(name).append(value).append('\n');
    }
  }

  /** Without the text: it may quote a prompt or a key. */
  @Override
  public String toString() {
    return "ErrorReport{provider=%s, status=%s}".formatted(provider, status);
  }
}
