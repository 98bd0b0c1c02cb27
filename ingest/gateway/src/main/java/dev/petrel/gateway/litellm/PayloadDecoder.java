// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.InvalidEventException.Reason;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.errors.Classification;
import dev.petrel.event.errors.ErrorClassifier;
import dev.petrel.event.errors.ErrorReport;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.DecodedCall;
import dev.petrel.gateway.intake.Rejection;
import dev.petrel.gateway.intake.Texts;
import dev.petrel.gateway.intake.Tokens;
import dev.petrel.gateway.json.JsonItems;
import dev.petrel.gateway.otlp.Dialects;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * LiteLLM's StandardLoggingPayload, as its {@code generic_api} callback posts it: what its proxy
 * logs of each attempt, failed ones included. Looks at the fields named here and at no others:
 * messages, answers, addresses and trace-backs are passed over. Thread-safe.
 */
public final class PayloadDecoder implements JsonItems.ItemDecoder {

  private static final ObjectMapper JSON = new ObjectMapper(JsonItems.FACTORY);
  private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000L);
  private static final Pattern STATUS = Pattern.compile("[1-5]\\d\\d");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int FINGERPRINT = 8;

  /** LiteLLM's names of calls; the asynchronous ones begin with {@code a}. */
  private static final Map<String, String> OPERATIONS =
      Map.of(
          "completion", "chat",
          "responses", "chat",
          "anthropic_messages", "chat",
          "generate_content", "generate_content",
          "text_completion", "text_completion",
          "embedding", "embeddings",
          "image_generation", "image_generation",
          "transcription", "audio",
          "speech", "audio",
          "rerank", "rerank");

  private final Dialects dialects = Dialects.bundled();

  /** A decoder. */
  public PayloadDecoder() {}

  @Override
  public void decode(int index, byte[] json, Decoded.Builder decoded) {
    JsonNode payload;
    try {
      payload = JSON.readTree(json);
    } catch (IOException e) {
      decoded.reject(new Rejection(index, Reason.MALFORMED.wireName(), null, "not JSON"));
      return;
    }
    String missing = missing(payload);
    if (missing != null) {
      decoded.reject(
          new Rejection(
              index, Reason.MISSING_FIELD.wireName(), missing, missing + ": is required"));
    } else if (payload.path("cache_hit").asBoolean()) {
      decoded.skip("cache_hit"); // No provider was called.
    } else {
      try {
        JsonNode tier = payload.path("response").path("service_tier");
        decoded.call(
            new DecodedCall(index, event(payload), tier.isTextual() ? tier.asText() : null));
      } catch (IllegalArgumentException e) {
        decoded.reject(
            new Rejection(
                index,
                Reason.IMPOSSIBLE_VALUE.wireName(),
                "startTime",
                "startTime and endTime must be seconds since the epoch"));
      }
    }
  }

  private static @Nullable String missing(JsonNode payload) {
    if (text(payload, "id") == null) {
      return "id";
    }
    if (number(payload, "startTime") == null) {
      return "startTime";
    }
    String status = payload.path("status").asText();
    return status.equals("success") || status.equals("failure") ? null : "status";
  }

  private LlmCallEvent event(JsonNode payload) {
    long start = millis(payload, "startTime");
    // Attempts of one call may share an id, and never a start.
    String id = Texts.id(payload.path("id").asText() + "@" + start);
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, id)
            .set(EventField.TIMESTAMP, start)
            .set(EventField.RATELIMIT, rateLimit(payload));
    String trace = text(payload, "trace_id");
    event.set(EventField.CALL_ID, trace == null ? id : Texts.id(trace));
    putWho(event, payload);
    putWhat(event, payload);
    putTimes(event, payload, start);
    if (payload.path("status").asText().equals("failure")) {
      putError(event, payload);
    } else {
      putAnswer(event, payload);
    }
    putTokens(event, payload);
    BigDecimal cost = number(payload, "response_cost");
    // Zero is what LiteLLM writes for what it has no price of.
    if (cost != null && cost.signum() > 0 && cost.compareTo(NANO) < 0) {
      event
          .set(EventField.COST_NANO_USD, cost.multiply(NANO).longValue())
          .set(EventField.PRICE_VERSION, "reported");
    }
    return event.build();
  }

  private static void putWho(LlmCallEvent.Builder event, JsonNode payload) {
    JsonNode metadata = payload.path("metadata");
    Texts.put(
        event,
        EventField.TENANT,
        first(text(metadata, "user_api_key_team_id"), text(metadata, "user_api_key_org_id")));
    Texts.put(
        event,
        EventField.USER,
        first(
            text(payload, "end_user"),
            text(metadata, "user_api_key_end_user_id"),
            text(metadata, "user_api_key_user_id")));
    String keyHash = text(metadata, "user_api_key_hash");
    if (keyHash != null && HASH.matcher(keyHash).matches()) {
      event.set(EventField.CREDENTIAL, keyHash.substring(0, FINGERPRINT));
    }
  }

  private void putWhat(LlmCallEvent.Builder event, JsonNode payload) {
    String provider = text(payload, "custom_llm_provider");
    Texts.put(event, EventField.PROVIDER, provider == null ? null : dialects.provider(provider));
    Texts.put(event, EventField.OPERATION, operation(text(payload, "call_type")));
    Texts.put(event, EventField.REQUEST_MODEL, text(payload, "model"));
    Texts.put(event, EventField.RESPONSE_MODEL, text(payload.path("response"), "model"));
    Texts.put(event, EventField.SERVER_ADDRESS, host(text(payload, "api_base")));
    Texts.put(event, EventField.SDK, "litellm");
    JsonNode stream = payload.path("stream");
    if (stream.isBoolean()) {
      event.set(EventField.STREAM, stream.asBoolean());
    }
    JsonNode parameters = payload.path("model_parameters");
    event.set(
        EventField.MAX_OUTPUT_TOKENS,
        first(count(parameters, "max_completion_tokens"), count(parameters, "max_tokens")));
  }

  private static @Nullable String operation(@Nullable String callType) {
    if (callType == null) {
      return null;
    }
    String known = OPERATIONS.get(callType);
    return known == null && callType.startsWith("a")
        ? OPERATIONS.get(callType.substring(1))
        : known;
  }

  private static @Nullable String host(@Nullable String url) {
    try {
      return url == null ? null : URI.create(url.strip()).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static void putTimes(LlmCallEvent.Builder event, JsonNode payload, long start) {
    BigDecimal end = number(payload, "endTime");
    BigDecimal begin = payload.path("startTime").decimalValue();
    if (end != null && end.compareTo(begin) >= 0) {
      event.set(EventField.DURATION_MS, end.subtract(begin).movePointRight(3).doubleValue());
    }
    BigDecimal firstChunk = number(payload, "completionStartTime");
    if (payload.path("stream").asBoolean()
        && firstChunk != null
        && firstChunk.movePointRight(3).longValue() >= start) {
      event.set(
          EventField.TIME_TO_FIRST_CHUNK_MS,
          firstChunk.subtract(begin).max(BigDecimal.ZERO).movePointRight(3).doubleValue());
    }
  }

  private static void putError(LlmCallEvent.Builder event, JsonNode payload) {
    JsonNode information = payload.path("error_information");
    String code = text(information, "error_code");
    String exception = text(information, "error_class");
    String words = first(text(information, "error_message"), text(payload, "error_str"));
    Integer status = code != null && STATUS.matcher(code).matches() ? Integer.valueOf(code) : null;
    Classification found =
        ErrorClassifier.standard()
            .classify(
                ErrorReport.ofResponse(
                    event.get(EventField.PROVIDER),
                    status,
                    Map.of(),
                    (exception == null ? "" : exception + ": ") + (words == null ? "" : words)));
    event
        .set(
            EventField.OUTCOME,
            found.type() == ErrorType.CANCELLED ? Outcome.CANCELLED : Outcome.ERROR)
        .set(EventField.ERROR_TYPE, found.type())
        .set(EventField.RETRY_AFTER_MS, found.retryAfterMs());
    if (found.status() != null) {
      event.set(EventField.HTTP_STATUS, (long) found.status());
    }
    Texts.put(event, EventField.ERROR_DETAIL, found.detail());
    Texts.put(event, EventField.EXCEPTION_CLASS, first(exception, found.exception()));
    Texts.put(event, EventField.PROVIDER_ERROR_TYPE, found.providerType());
    Texts.put(event, EventField.PROVIDER_ERROR_CODE, found.providerCode());
    Texts.put(event, EventField.PROVIDER_ERROR_PARAM, found.providerParam());
    Texts.put(event, EventField.REQUEST_ID, found.requestId());
    Texts.putMessage(event, words == null ? null : found.message());
  }

  private void putAnswer(LlmCallEvent.Builder event, JsonNode payload) {
    Outcome worst = Outcome.SUCCESS;
    for (JsonNode choice : payload.path("response").path("choices")) {
      String reason = text(choice, "finish_reason");
      Outcome outcome = reason == null ? Outcome.SUCCESS : dialects.outcome(reason);
      worst = outcome.compareTo(worst) > 0 ? outcome : worst;
    }
    event.set(EventField.OUTCOME, worst);
    if (worst == Outcome.REFUSED) {
      event.set(EventField.ERROR_TYPE, ErrorType.CONTENT_FILTER);
    }
  }

  private static void putTokens(LlmCallEvent.Builder event, JsonNode payload) {
    JsonNode usage = payload.path("metadata").path("usage_object");
    if (!usage.isObject()) {
      usage = payload.path("response").path("usage");
    }
    new Tokens(
            count(payload, "prompt_tokens"),
            count(payload, "completion_tokens"),
            first(
                count(usage, "cache_read_input_tokens"),
                count(usage.path("prompt_tokens_details"), "cached_tokens")),
            count(usage, "cache_creation_input_tokens"),
            count(usage.path("completion_tokens_details"), "reasoning_tokens"))
        .putInto(
            event,
            event.get(EventField.OUTCOME) != Outcome.ERROR
                && event.get(EventField.OUTCOME) != Outcome.CANCELLED,
            false);
  }

  private static @Nullable RateLimit rateLimit(JsonNode payload) {
    JsonNode headers = payload.path("hidden_params").path("additional_headers");
    RateLimit.Headroom requests = headroom(headers, "requests");
    RateLimit.Headroom tokens = headroom(headers, "tokens");
    return requests == null && tokens == null ? null : new RateLimit(requests, tokens);
  }

  private static RateLimit.@Nullable Headroom headroom(JsonNode headers, String what) {
    Long limit = count(headers, "x_ratelimit_limit_" + what);
    Long remaining = count(headers, "x_ratelimit_remaining_" + what);
    return limit == null && remaining == null
        ? null
        : new RateLimit.Headroom(limit, remaining, null);
  }

  private static long millis(JsonNode payload, String name) {
    return payload.path(name).decimalValue().movePointRight(3).longValue();
  }

  /** A number that is not negative and no more than a plausible one; null otherwise. */
  private static @Nullable BigDecimal number(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (!value.isNumber()
        || (value.isFloatingPointNumber() && !Double.isFinite(value.asDouble()))) {
      return null;
    }
    double size = value.asDouble();
    return size >= 0 && size < 1e15 ? value.decimalValue() : null;
  }

  private static @Nullable Long count(JsonNode object, String name) {
    BigDecimal number = number(object, name);
    return number == null ? null : (Long) number.longValue();
  }

  private static @Nullable String text(JsonNode object, String name) {
    JsonNode value = object.path(name);
    String text = value.isTextual() || value.isNumber() ? value.asText() : "";
    return text.isBlank() ? null : text;
  }

  @SafeVarargs
  private static <T> @Nullable T first(@Nullable T... values) {
    for (T value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
