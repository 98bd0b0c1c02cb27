// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A field of the call event, and the one table of all of them: JSON name, type, bounds,
 * OpenTelemetry name and meaning. Codec, JSON Schema, log appenders and imports all follow it.
 *
 * <p>An absent field is unknown, never zero. Immutable and thread-safe.
 *
 * @param <T> the Java type of the field's values
 */
public final class EventField<T> {

  private static final List<EventField<?>> FIELDS = new ArrayList<>();
  private static final Map<String, EventField<?>> BY_NAME = new HashMap<>();

  /** The length, in UTF-16 units, that every text field and attribute takes at least. */
  public static final int TEXT_LENGTH = 256;

  /** The length, in UTF-16 units, to which {@code error_message} is cut. */
  public static final int MESSAGE_LENGTH = 512;

  /** 2000-01-01T00:00:00Z in ms. An earlier time is seconds taken for milliseconds. */
  private static final long EARLIEST = 946_684_800_000L;

  /** The event's schema version; always 1. */
  public static final EventField<Long> V =
      required("v", new FieldType.Whole(1, 1), null, "Schema version.");

  public static final EventField<String> EVENT_ID =
      required("event_id", name(), "span id", "Unique per attempt: the key of idempotency.");
  public static final EventField<Long> TIMESTAMP =
      required(
          "timestamp",
          new FieldType.Whole(EARLIEST, Long.MAX_VALUE),
          "span start",
          "When the attempt started, in ms since the epoch; not more than an hour ahead.");

  public static final EventField<String> CALL_ID =
      text("call_id", null, "The logical call that this is an attempt of.");
  public static final EventField<Long> ATTEMPT =
      whole("attempt", "http.request.resend_count", "Number of this attempt, the first is 0.");
  public static final EventField<Boolean> FINAL =
      flag("final", null, "Whether no further attempt of the call follows.");

  public static final EventField<String> TENANT = text("tenant", "tenant.id", "The tenant.");
  public static final EventField<String> USER =
      text("user", "user.hash", "The user, as keyed hash; never the raw id.");
  public static final EventField<String> CONVERSATION_ID =
      text("conversation_id", "gen_ai.conversation.id", "The conversation or session.");

  public static final EventField<String> SERVICE =
      text("service", "service.name", "The calling service.");
  public static final EventField<String> INSTANCE =
      text("instance", "service.instance.id", "The instance of the service.");
  public static final EventField<String> VERSION =
      text("version", "service.version", "The deployed version of the service.");
  public static final EventField<String> ENVIRONMENT =
      text("environment", "deployment.environment.name", "For example prod or staging.");
  public static final EventField<String> FEATURE =
      text("feature", null, "The product feature that makes the call.");

  public static final EventField<String> PROVIDER =
      text("provider", "gen_ai.provider.name", "For example openai or anthropic.");
  public static final EventField<String> SERVER_ADDRESS =
      text("server_address", "server.address", "Host that was called.");
  public static final EventField<String> REGION =
      text("region", "cloud.region", "Region that was called.");
  public static final EventField<String> OPERATION =
      text("operation", "gen_ai.operation.name", "For example chat or embeddings.");
  public static final EventField<String> REQUEST_MODEL =
      text("request_model", "gen_ai.request.model", "The model asked for.");
  public static final EventField<String> RESPONSE_MODEL =
      text("response_model", "gen_ai.response.model", "The model that answered.");
  public static final EventField<Boolean> STREAM =
      flag("stream", "gen_ai.request.stream", "Whether the answer is streamed.");
  public static final EventField<String> CREDENTIAL =
      text("credential", null, "Keyed fingerprint of the API key; never the key.");
  public static final EventField<String> REQUEST_ID =
      text("request_id", null, "The provider's request id.");

  public static final EventField<Outcome> OUTCOME =
      required("outcome", new FieldType.Choice<>(Outcome.class), null, "How the attempt ended.");
  public static final EventField<ErrorType> ERROR_TYPE =
      optional(
          "error_type",
          new FieldType.Choice<>(ErrorType.class),
          "error.type",
          "Why it failed; only with outcome error, cancelled or refused.");
  public static final EventField<String> ERROR_DETAIL =
      text("error_detail", null, "Sub-type of the error, for example connect or tokens.");
  public static final EventField<Long> HTTP_STATUS =
      optional(
          "http_status",
          new FieldType.Whole(100, 999),
          "http.response.status_code",
          "The response's status.");
  public static final EventField<String> PROVIDER_ERROR_TYPE =
      text("provider_error_type", null, "The provider's error type, as sent.");
  public static final EventField<String> PROVIDER_ERROR_CODE =
      text("provider_error_code", null, "The provider's error code, as sent.");
  public static final EventField<String> PROVIDER_ERROR_PARAM =
      text("provider_error_param", null, "The parameter that the provider names, as sent.");
  public static final EventField<String> EXCEPTION_CLASS =
      text("exception_class", "exception.type", "The client's exception class.");
  public static final EventField<String> ERROR_MESSAGE =
      optional(
          "error_message",
          new FieldType.Text(MESSAGE_LENGTH, true),
          "exception.message",
          "Redacted message; longer ones are cut.");

  public static final EventField<Double> DURATION_MS =
      amount("duration_ms", "gen_ai.client.operation.duration", "Of this attempt, in ms.");
  public static final EventField<Double> TIME_TO_FIRST_CHUNK_MS =
      amount(
          "time_to_first_chunk_ms",
          "gen_ai.response.time_to_first_chunk",
          "From start to the first chunk, in ms.");

  public static final EventField<Long> INPUT_TOKENS =
      whole("input_tokens", "gen_ai.usage.input_tokens", "Input tokens, those of caches included.");
  public static final EventField<Long> OUTPUT_TOKENS =
      whole("output_tokens", "gen_ai.usage.output_tokens", "Output tokens, reasoning included.");
  public static final EventField<Long> CACHE_READ_TOKENS =
      whole(
          "cache_read_tokens",
          "gen_ai.usage.cache_read.input_tokens",
          "Input tokens read from a cache.");
  public static final EventField<Long> CACHE_WRITE_TOKENS =
      whole(
          "cache_write_tokens",
          "gen_ai.usage.cache_creation.input_tokens",
          "Input tokens written to a cache.");
  public static final EventField<Long> REASONING_TOKENS =
      whole(
          "reasoning_tokens",
          "gen_ai.usage.reasoning.output_tokens",
          "Output tokens spent on reasoning.");
  public static final EventField<UsageSource> USAGE_SOURCE =
      optional(
          "usage_source",
          new FieldType.Choice<>(UsageSource.class),
          null,
          "Where the token counts come from.");
  public static final EventField<Long> COST_NANO_USD =
      whole("cost_nano_usd", null, "Cost in 1e-9 USD; absent when unpriced.");
  public static final EventField<String> PRICE_VERSION =
      text("price_version", null, "The price table that the cost was computed with.");
  public static final EventField<Long> MAX_OUTPUT_TOKENS =
      whole("max_output_tokens", "gen_ai.request.max_tokens", "Most output tokens asked for.");
  public static final EventField<Long> CONTEXT_WINDOW =
      whole("context_window", null, "The model's window, in tokens.");

  public static final EventField<Long> RETRY_AFTER_MS =
      whole("retry_after_ms", null, "What the provider asked to wait after this failure, in ms.");
  public static final EventField<Long> RETRY_DELAY_MS =
      whole("retry_delay_ms", null, "What the client waited before this attempt, in ms.");
  public static final EventField<ErrorType> RETRIED_ERROR_TYPE =
      optional(
          "retried_error_type",
          new FieldType.Choice<>(ErrorType.class),
          null,
          "Why the attempt before this one was retried.");
  public static final EventField<RateLimit> RATELIMIT =
      optional(
          "ratelimit",
          new ObjectFieldType.RateLimits(),
          null,
          "The provider's rate-limit headers; -1 is what a provider sends for no limit.");

  public static final EventField<String> SDK =
      text("sdk", "telemetry.sdk.name", "Client library and version.");
  public static final EventField<Map<Outcome, Long>> DROPPED_BEFORE =
      optional(
          "dropped_before",
          new ObjectFieldType.CountsByOutcome(),
          null,
          "Events that this publisher dropped since its last record, by outcome.");
  public static final EventField<Map<String, String>> ATTRIBUTES =
      optional("attributes", new ObjectFieldType.TextMap(), null, "Allow-listed extras.");

  private static final List<EventField<?>> REQUIRED =
      FIELDS.stream().filter(EventField::isRequired).toList();

  private final int index;
  private final String name;
  private final FieldType<T> type;
  private final boolean required;
  private final @Nullable String openTelemetryName;
  private final String description;

  private EventField(
      String name,
      FieldType<T> type,
      boolean required,
      @Nullable String openTelemetryName,
      String description) {
    this.index = FIELDS.size();
    this.name = name;
    this.type = type;
    this.required = required;
    this.openTelemetryName = openTelemetryName;
    this.description = description;
    FIELDS.add(this);
    BY_NAME.put(name, this);
  }

  /** All fields, in the order in which they are written. */
  public static List<EventField<?>> all() {
    return Collections.unmodifiableList(FIELDS);
  }

  static List<EventField<?>> required() {
    return REQUIRED;
  }

  /** The field with this JSON name, or null when there is none. */
  public static @Nullable EventField<?> named(String name) {
    return BY_NAME.get(name);
  }

  /** The field's name in JSON. */
  public String jsonName() {
    return name;
  }

  /** Whether an event without this field is invalid. */
  public boolean isRequired() {
    return required;
  }

  /** What OpenTelemetry calls the same thing; null when it has no name for it. */
  public @Nullable String openTelemetryName() {
    return openTelemetryName;
  }

  /** One sentence on the field's meaning and unit. */
  public String description() {
    return description;
  }

  int index() {
    return index;
  }

  T checked(T value) throws FieldType.Violation {
    return type.checked(value);
  }

  T parse(String text) throws FieldType.Violation {
    return type.parse(text);
  }

  @Nullable T converted(Object value) throws FieldType.Violation {
    return type.converted(value);
  }

  T read(JsonParser parser) throws IOException, FieldType.Violation {
    return type.read(parser);
  }

  void check(JsonParser parser) throws IOException, FieldType.Violation {
    type.check(parser);
  }

  @SuppressWarnings("unchecked") // the builder stores only checked values of this field
  void write(JsonGenerator generator, Object value) throws IOException {
    generator.writeFieldName(name);
    type.write(generator, (T) value);
  }

  void writeSchema(JsonGenerator generator) throws IOException {
    generator.writeObjectFieldStart(name);
    type.writeSchema(generator);
    generator.writeStringField(
        "description",
        openTelemetryName == null
            ? description
            : description + " OpenTelemetry: " + openTelemetryName + ".");
    generator.writeEndObject();
  }

  @Override
  public String toString() {
    return name;
  }

  private static FieldType<String> name() {
    return new FieldType.Text(TEXT_LENGTH, false);
  }

  private static <T> EventField<T> required(
      String name, FieldType<T> type, @Nullable String openTelemetryName, String description) {
    return new EventField<>(name, type, true, openTelemetryName, description);
  }

  private static <T> EventField<T> optional(
      String name, FieldType<T> type, @Nullable String openTelemetryName, String description) {
    return new EventField<>(name, type, false, openTelemetryName, description);
  }

  private static EventField<String> text(
      String name, @Nullable String openTelemetryName, String description) {
    return optional(name, name(), openTelemetryName, description);
  }

  private static EventField<Long> whole(
      String name, @Nullable String openTelemetryName, String description) {
    return optional(name, new FieldType.Whole(0, Long.MAX_VALUE), openTelemetryName, description);
  }

  private static EventField<Double> amount(
      String name, @Nullable String openTelemetryName, String description) {
    return optional(name, new FieldType.Amount(), openTelemetryName, description);
  }

  private static EventField<Boolean> flag(
      String name, @Nullable String openTelemetryName, String description) {
    return optional(name, new FieldType.Flag(), openTelemetryName, description);
  }
}
