// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import dev.petrel.event.Outcome;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the reasons mean for which providers say that a model stopped. */
public final class FinishReasons {

  private static final Set<String> TRUNCATED =
      Set.of(
          "length",
          "max_tokens",
          "max_output_tokens",
          "max_messages",
          "model_length",
          "model_context_window_exceeded",
          "context_limit");

  private static final Set<String> REFUSED =
      Set.of(
          "content_filter",
          "content_filtered",
          "refusal",
          "safety",
          "image_safety",
          "recitation",
          "prohibited_content",
          "blocklist",
          "spii",
          "language",
          "guardrail_intervened",
          "error_toxic");

  private FinishReasons() {}

  /** How an answer ended; {@link Outcome#SUCCESS} for a reason that is unknown, or null. */
  public static Outcome outcome(@Nullable String reason) {
    String name = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
    if (TRUNCATED.contains(name)) {
      return Outcome.TRUNCATED;
    }
    return REFUSED.contains(name) ? Outcome.REFUSED : Outcome.SUCCESS;
  }
}
