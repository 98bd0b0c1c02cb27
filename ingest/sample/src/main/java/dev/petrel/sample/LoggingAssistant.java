// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.completions.CompletionUsage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Asks through any client, and logs a statement of each attempt: Petrel's appender in {@code
 * logback.xml} makes the event. The client must not retry by itself, or attempts would go untold.
 */
final class LoggingAssistant implements Assistant {

  private static final Logger LOG = LoggerFactory.getLogger(LoggingAssistant.class);

  private final OpenAIClient client;
  private final String model;

  LoggingAssistant(OpenAIClient client, String model) {
    this.client = client;
    this.model = model;
  }

  @Override
  public String answer(String question) {
    Instant started = Instant.now();
    try {
      ChatCompletion completion =
          client.chat().completions().create(Assistant.params(model, question));
      CompletionUsage usage = completion.usage().orElse(null);
      statement(LOG.atInfo(), started)
          .addKeyValue("outcome", "success")
          .addKeyValue("response_model", completion.model())
          .addKeyValue("input_tokens", usage == null ? null : usage.promptTokens())
          .addKeyValue("output_tokens", usage == null ? null : usage.completionTokens())
          .addKeyValue("cache_read_tokens", cachedTokens(usage))
          .addKeyValue("usage_source", usage == null ? "missing" : "reported")
          .log("answered");
      return Assistant.text(completion);
    } catch (OpenAIServiceException e) {
      statement(LOG.atWarn(), started)
          .addKeyValue("outcome", "error")
          .addKeyValue("http_status", e.statusCode())
          .addKeyValue("provider_error_type", e.type().orElse(null))
          .addKeyValue("provider_error_code", e.code().orElse(null))
          .log("refused");
      throw e;
    } catch (OpenAIException e) {
      // The cause's class and text tell why there is no answer; no prompt is in them.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      statement(LOG.atWarn(), started)
          .addKeyValue("outcome", "error")
          .addKeyValue("error_message", cause.getMessage())
          .setCause(cause)
          .log("failed");
      throw e;
    }
  }

  /** What costs less; without it, a call would be told of as dearer than it was. */
  private static @Nullable Long cachedTokens(@Nullable CompletionUsage usage) {
    return usage == null
        ? null
        : usage
            .promptTokensDetails()
            .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
            .orElse(null);
  }

  private LoggingEventBuilder statement(LoggingEventBuilder statement, Instant started) {
    return statement
        .addKeyValue("event", "llm_call")
        .addKeyValue("timestamp", started)
        .addKeyValue("duration_ms", Duration.between(started, Instant.now()))
        .addKeyValue("provider", "openai")
        .addKeyValue("operation", "chat")
        .addKeyValue("request_model", model)
        .addKeyValue("feature", "ask-logged");
  }
}
