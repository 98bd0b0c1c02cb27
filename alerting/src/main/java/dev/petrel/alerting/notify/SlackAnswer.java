// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Json;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Slack's Web API answers: most failures come as {@code 200 {"ok":false,"error":…}}. */
sealed interface SlackAnswer {

  /** It is done. */
  record Done(JsonNode json) implements SlackAnswer {

    /** A text of the answer, empty when it is not there. */
    String text(String field) {
      return json.path(field).asText("");
    }
  }

  /**
   * It is not done, or may not be.
   *
   * @param error Slack's word for it; empty when the failure is one of HTTP
   * @param remedy what to do
   * @param why without secrets
   * @param retryAfter how long Slack asks to wait; null when it says nothing
   */
  record Failed(String error, Remedy remedy, String why, @Nullable Duration retryAfter)
      implements SlackAnswer {

    /** For the pipeline, when nothing else helps. */
    NotifyResult result() {
      return remedy == Remedy.RETRY
          ? new NotifyResult.Retryable(why, retryAfter)
          : new NotifyResult.Permanent(why);
    }
  }

  /** What helps against a failure. */
  enum Remedy {
    /** The same again, later. */
    RETRY,
    /** The same as plain text. */
    PLAIN_TEXT,
    /** A new message in place of the one to change. */
    NEW_MESSAGE,
    /** Nothing that a program can do. */
    NONE
  }

  // https://docs.slack.dev/reference/methods/chat.postMessage and chat.update, section errors.
  // After fatal_error and request_timeout it may have been done all the same.
  Set<String> TRANSIENT =
      Set.of(
          "ratelimited",
          "rate_limited",
          "service_unavailable",
          "internal_error",
          "fatal_error",
          "request_timeout");
  Set<String> OF_THE_LAYOUT =
      Set.of(
          "invalid_blocks",
          "invalid_blocks_format",
          "msg_blocks_too_long",
          "msg_too_long",
          "too_many_attachments",
          "metadata_too_large");
  Set<String> OF_THE_OLD_MESSAGE =
      Set.of("message_not_found", "cant_update_message", "edit_window_closed", "block_mismatch");

  /** Reads an answer. */
  static SlackAnswer of(HttpAnswer answer) {
    if (!answer.isSuccess()) {
      Remedy remedy =
          answer.result() instanceof NotifyResult.Retryable ? Remedy.RETRY : Remedy.NONE;
      return new Failed("", remedy, answer.why(), answer.retryAfter());
    }
    JsonNode json;
    try {
      json = Json.mapper().readTree(answer.text());
    } catch (JacksonException e) {
      return new Failed("", Remedy.RETRY, "no JSON: " + answer.why(), null);
    }
    if (json.path("ok").asBoolean(false)) {
      return new Done(json);
    }
    String error = json.path("error").asText("");
    return error.isEmpty()
        ? new Failed("", Remedy.RETRY, "neither ok nor error: " + answer.why(), null)
        : new Failed(error, remedy(error), "Slack: " + error, answer.retryAfter());
  }

  private static Remedy remedy(String error) {
    if (TRANSIENT.contains(error)) {
      return Remedy.RETRY;
    }
    if (OF_THE_LAYOUT.contains(error)) {
      return Remedy.PLAIN_TEXT;
    }
    return OF_THE_OLD_MESSAGE.contains(error) ? Remedy.NEW_MESSAGE : Remedy.NONE;
  }
}
