// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import dev.petrel.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an event needs out of an answer as it passes by: model, usage, how it ended, and an
 * error within. Keeps nothing of the content. Not thread-safe.
 */
final class AnswerReader implements EventStream.Listener {

  /** How the answer's body is framed. */
  enum Framing {
    JSON,
    /** JSON documents one behind the other. */
    JSON_LINES,
    EVENT_STREAM,
    /** Nothing that can be read here: audio, compressed, Amazon's binary event stream. */
    OPAQUE
  }

  private enum Part {
    MODEL,
    TIER,
    FINISH,
    BLOCKED,
    TYPE,
    STATUS,
    DONE,
    ERROR,
    USAGE
  }

  /** A wanted path, what it is, and which count if it is one of the usage. */
  private record Wanted(String path, Part part, UsageCounts.@Nullable Kind count) {}

  private static final List<Wanted> WANTED = wanted();
  private static final JsonPaths PATHS = new JsonPaths(WANTED.stream().map(Wanted::path).toList());

  private static final Set<String> LAST_EVENTS =
      Set.of("message_stop", "response.completed", "response.incomplete", "response.failed");

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_ERROR_EVENT = 2 * 1024;

  private final Framing framing;
  private final boolean failed;
  private final JsonScanner scanner = new JsonScanner(PATHS, this::take);
  private final EventStream events = new EventStream(this);
  private final UsageCounts usage = new UsageCounts();

  private final byte[] head;
  private int headLength;
  private boolean errorInDocument;
  private @Nullable String errorText;

  private @Nullable String model;
  private @Nullable String tier;
  private @Nullable String finish;
  private boolean blocked;
  private boolean ended;

  AnswerReader(Framing framing, boolean failed) {
    this.framing = framing;
    this.failed = failed;
    this.head = new byte[failed ? HttpAttempt.MAX_ERROR_BODY : MAX_ERROR_EVENT];
  }

  private static List<Wanted> wanted() {
    List<Wanted> wanted = new ArrayList<>();
    for (String path : List.of("model", "response.model", "message.model", "modelVersion")) {
      wanted.add(new Wanted(path, Part.MODEL, null));
    }
    for (String path : List.of("service_tier", "response.service_tier", "usage.service_tier")) {
      wanted.add(new Wanted(path, Part.TIER, null));
    }
    for (String path :
        List.of(
            "choices.finish_reason",
            "stop_reason",
            "delta.stop_reason",
            "candidates.finishReason",
            "stopReason",
            "incomplete_details.reason",
            "response.incomplete_details.reason",
            "done_reason",
            "finish_reason",
            "delta.finish_reason")) {
      wanted.add(new Wanted(path, Part.FINISH, null));
    }
    wanted.add(new Wanted("promptFeedback.blockReason", Part.BLOCKED, null));
    wanted.add(new Wanted("type", Part.TYPE, null));
    wanted.add(new Wanted("status", Part.STATUS, null));
    wanted.add(new Wanted("done", Part.DONE, null));
    for (String path : List.of("error", "error.message", "error.code", "error.type")) {
      wanted.add(new Wanted(path, Part.ERROR, null));
      wanted.add(new Wanted("response." + path, Part.ERROR, null));
      wanted.add(new Wanted("choices." + path, Part.ERROR, null));
    }
    UsageCounts.PATHS.forEach((path, kind) -> wanted.add(new Wanted(path, Part.USAGE, kind)));
    return List.copyOf(wanted);
  }

  /** Takes the next bytes of the body. */
  void feed(byte[] bytes, int from, int length) {
    switch (framing) {
      case JSON, JSON_LINES -> {
        keepHead(bytes, from, length);
        scanner.feed(bytes, from, length);
      }
      case EVENT_STREAM -> {
        if (failed) { // The stream that was asked for; what came is an error's body.
          keepHead(bytes, from, length);
        }
        events.feed(bytes, from, length);
      }
      case OPAQUE -> {
        if (failed) {
          keepHead(bytes, from, length);
        }
      }
    }
  }

  /** The body has come to its end, or will go no further. */
  void end() {
    events.end();
    if (failed || errorInDocument) {
      keepError();
    }
  }

  @Override
  public void data(byte[] bytes, int from, int length) {
    if (!failed) {
      keepHead(bytes, from, length);
    }
    scanner.feed(bytes, from, length);
  }

  @Override
  public void eventEnded() {
    if (!failed) {
      ended |= startsWithDone();
      if (errorInDocument) {
        keepError();
      }
      headLength = 0;
    }
    scanner.reset();
  }

  private boolean startsWithDone() {
    if (headLength < DONE.length) {
      return false;
    }
    for (int i = 0; i < DONE.length; i++) {
      if (head[i] != DONE[i]) {
        return false;
      }
    }
    return true;
  }

  private void keepHead(byte[] bytes, int from, int length) {
    int kept = Math.min(length, head.length - headLength);
    if (kept > 0) {
      System.arraycopy(bytes, from, head, headLength, kept);
      headLength += kept;
    }
  }

  private void keepError() {
    errorInDocument = false;
    if (errorText == null && headLength > 0) {
      errorText = new String(head, 0, headLength, StandardCharsets.UTF_8);
    }
  }

  private void take(int path, String value) {
    Wanted wanted = WANTED.get(path);
    if (value.equals("null")) {
      return;
    }
    switch (wanted.part()) {
      case MODEL -> model = value;
      case TIER -> tier = value;
      case FINISH -> finish = value;
      case BLOCKED -> blocked = true;
      case TYPE -> {
        ended |= LAST_EVENTS.contains(value);
        errorInDocument |= value.equals("error") || value.equals("response.failed");
      }
      case STATUS -> errorInDocument |= value.equals("failed");
      case DONE -> ended |= value.equals("true");
      case ERROR -> errorInDocument |= !value.isEmpty();
      case USAGE -> {
        if (wanted.count() != null) {
          usage.put(wanted.count(), value);
        }
      }
    }
  }

  @Nullable String model() {
    return model;
  }

  /** The service tier that the answer names, null when it names none. */
  @Nullable String tier() {
    return tier;
  }

  UsageCounts usage() {
    return usage;
  }

  /** The text of an error, within a failed or a successful answer; null when there is none. */
  @Nullable String errorText() {
    return errorText;
  }

  /** Whether an answer with a successful status is one of an error. */
  boolean hasError() {
    return errorText != null || errorInDocument || "error".equals(finish);
  }

  /**
   * Whether the answer is whole as its own content says. One that cannot be read is, as far as
   * anyone here can tell.
   */
  boolean isComplete() {
    return switch (framing) {
      case JSON -> scanner.documentEnded();
      case EVENT_STREAM, JSON_LINES -> ended || finish != null || blocked;
      case OPAQUE -> true;
    };
  }

  /** How an answer without error ended. */
  Outcome outcome() {
    return blocked ? Outcome.REFUSED : FinishReasons.outcome(finish);
  }

  /** Whether the answer is of use as a whole only. */
  boolean isOneDocument() {
    return framing == Framing.JSON;
  }

  /** Whether the answer comes in pieces that are of use before its end. */
  boolean isStreamed() {
    return framing == Framing.EVENT_STREAM || framing == Framing.JSON_LINES;
  }
}
