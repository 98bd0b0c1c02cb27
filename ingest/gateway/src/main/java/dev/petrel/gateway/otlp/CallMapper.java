// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.errors.Classification;
import dev.petrel.event.errors.ErrorClassifier;
import dev.petrel.event.errors.ErrorReport;
import dev.petrel.gateway.intake.Texts;
import dev.petrel.gateway.intake.Tokens;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of a recorded call: one for its last attempt, and one for each HTTP request before
 * that which failed. Thread-safe.
 */
final class CallMapper {

  private static final double NANOS_PER_MS = 1e6;
  private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000L);

  /** A month: longer is no call. */
  private static final BigDecimal MAX_MS = BigDecimal.valueOf(31L * 24 * 60 * 60 * 1_000);

  /** That there was an error, and no more. */
  private static final Set<String> NAMELESS = Set.of("true", "_OTHER");

  private static final Pattern STATUS = Pattern.compile("[1-5]\\d\\d");

  private final Dialects dialects;
  private final List<String> tenantAttributes;
  private final List<String> extras;

  CallMapper(Dialects dialects, List<String> tenantAttributes, List<String> extras) {
    this.dialects = dialects;
    this.tenantAttributes = List.copyOf(tenantAttributes);
    this.extras = List.copyOf(extras);
  }

  /**
   * The events of a call, in the order of the attempts.
   *
   * @param callId that names it, for ever
   * @param attempts HTTP requests known to be beneath it, in the order of their starts
   * @throws IllegalArgumentException when its times are impossible
   */
  List<LlmCallEvent> events(
      Recorded call, SpanRule rule, String callId, List<HttpAttempt> attempts) {
    CallFields fields = new CallFields(call, rule, dialects, tenantAttributes);
    List<LlmCallEvent> events = new ArrayList<>();
    @Nullable HttpAttempt last = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
    @Nullable HttpAttempt before = null;
    ErrorType beforeType = null;
    for (HttpAttempt attempt : attempts.subList(0, Math.max(attempts.size() - 1, 0))) {
      if (attempt.isFailed()) {
        LlmCallEvent.Builder event = common(fields, callId, Texts.id(attempt.key()));
        place(event, events.size(), before, beforeType, attempt.startNanos());
        beforeType = putFailedAttempt(event, fields, attempt);
        events.add(event.build());
        before = attempt;
      }
    }
    LlmCallEvent.Builder event = common(fields, callId, callId);
    long start = call.startNanos();
    if (last != null) {
      start = before == null ? start : Math.max(start, last.startNanos());
      place(event, events.size(), before, beforeType, start);
      event.set(EventField.FINAL, true);
    }
    putTimes(event, fields, start, call.endNanos());
    putEnding(event, fields, call, rule, last);
    events.add(event.build());
    return events;
  }

  private LlmCallEvent.Builder common(CallFields fields, String callId, String eventId) {
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, eventId)
            .set(EventField.CALL_ID, callId)
            .set(EventField.STREAM, fields.flag("stream"))
            .set(EventField.MAX_OUTPUT_TOKENS, fields.count("max_output_tokens"));
    Texts.put(event, EventField.TENANT, fields.tenant());
    Texts.put(event, EventField.USER, fields.text("user"));
    Texts.put(event, EventField.CONVERSATION_ID, fields.text("conversation_id"));
    Texts.put(event, EventField.SERVICE, fields.service());
    Texts.put(event, EventField.INSTANCE, fields.text("instance"));
    Texts.put(event, EventField.VERSION, fields.text("version"));
    Texts.put(event, EventField.ENVIRONMENT, fields.text("environment"));
    Texts.put(event, EventField.FEATURE, fields.text("feature"));
    Texts.put(event, EventField.PROVIDER, fields.provider());
    Texts.put(event, EventField.SERVER_ADDRESS, fields.serverAddress());
    Texts.put(event, EventField.REGION, fields.text("region"));
    Texts.put(event, EventField.OPERATION, fields.operation());
    Texts.put(event, EventField.REQUEST_MODEL, fields.text("request_model"));
    Texts.put(event, EventField.SDK, fields.sdk());
    fields.putExtras(event, extras);
    return event;
  }

  /** Which attempt it is; {@code before} is the one that failed before it. */
  private static void place(
      LlmCallEvent.Builder event,
      int number,
      @Nullable HttpAttempt before,
      @Nullable ErrorType beforeType,
      long startNanos) {
    event.set(EventField.ATTEMPT, (long) number);
    if (before != null) {
      long waited = Math.max(startNanos - before.endNanos(), 0);
      event
          .set(EventField.RETRY_DELAY_MS, waited / 1_000_000)
          .set(EventField.RETRIED_ERROR_TYPE, beforeType);
    }
  }

  private ErrorType putFailedAttempt(
      LlmCallEvent.Builder event, CallFields fields, HttpAttempt attempt) {
    Classification found =
        ErrorClassifier.standard()
            .classify(
                ErrorReport.ofResponse(
                    fields.provider(), attempt.status(), Map.of(), attempt.error()));
    event
        .set(EventField.TIMESTAMP, attempt.startNanos() / 1_000_000)
        .set(EventField.OUTCOME, Outcome.ERROR)
        .set(EventField.FINAL, false)
        .set(EventField.DURATION_MS, duration(attempt.startNanos(), attempt.endNanos()))
        .set(
            EventField.HTTP_STATUS,
            attempt.status() == null ? null : (Long) (long) attempt.status())
        .set(EventField.ERROR_TYPE, found.type());
    Texts.put(event, EventField.ERROR_DETAIL, found.detail());
    Texts.put(event, EventField.EXCEPTION_CLASS, found.exception());
    if (event.get(EventField.SERVER_ADDRESS) == null) {
      Texts.put(event, EventField.SERVER_ADDRESS, attempt.serverAddress());
    }
    return found.type();
  }

  private static void putTimes(
      LlmCallEvent.Builder event, CallFields fields, long startNanos, long endNanos) {
    long start = startNanos;
    Double duration = duration(startNanos, endNanos);
    BigDecimal told = fields.number("duration_ms");
    if (told != null && endNanos == Recorded.UNKNOWN_END && told.compareTo(MAX_MS) < 0) {
      // A log record is written when the call has ended.
      start -= told.movePointRight(6).longValue();
      duration = told.doubleValue();
    }
    event.set(EventField.TIMESTAMP, start / 1_000_000).set(EventField.DURATION_MS, duration);
    BigDecimal firstChunk = fields.number("time_to_first_chunk_ms");
    if (firstChunk != null) {
      event.set(EventField.TIME_TO_FIRST_CHUNK_MS, firstChunk.doubleValue());
    }
  }

  private static @Nullable Double duration(long startNanos, long endNanos) {
    return endNanos < startNanos ? null : (Double) ((endNanos - startNanos) / NANOS_PER_MS);
  }

  private void putEnding(
      LlmCallEvent.Builder event,
      CallFields fields,
      Recorded call,
      SpanRule rule,
      @Nullable HttpAttempt last) {
    Texts.put(event, EventField.RESPONSE_MODEL, fields.text("response_model"));
    Texts.put(event, EventField.REQUEST_ID, fields.text("request_id"));
    if (last != null && event.get(EventField.SERVER_ADDRESS) == null) {
      Texts.put(event, EventField.SERVER_ADDRESS, last.serverAddress());
    }
    Outcome outcome = outcome(fields, call);
    event.set(EventField.OUTCOME, outcome);
    if (outcome == Outcome.ERROR) {
      putError(event, fields, call, last);
    } else {
      Long status = status(fields, last);
      event.set(EventField.HTTP_STATUS, status);
    }
    if (outcome == Outcome.REFUSED) {
      event.set(EventField.ERROR_TYPE, ErrorType.CONTENT_FILTER);
    }
    new Tokens(
            fields.count("input_tokens"),
            fields.count("output_tokens"),
            fields.count("cache_read_tokens"),
            fields.count("cache_write_tokens"),
            fields.count("reasoning_tokens"))
        .putInto(event, outcome != Outcome.ERROR, dialects.inputExcludesCache(rule.dialect()));
    BigDecimal cost = fields.number("cost_usd");
    // Nothing costs nothing: sources write 0 for what they have no price of.
    if (cost != null && cost.signum() > 0 && cost.compareTo(NANO) < 0) {
      event
          .set(EventField.COST_NANO_USD, cost.multiply(NANO).longValue())
          .set(EventField.PRICE_VERSION, "reported");
    }
  }

  private Outcome outcome(CallFields fields, Recorded call) {
    String errorType = fields.text("error_type");
    boolean isError =
        call.isError()
            || (errorType != null && !errorType.equalsIgnoreCase("false"))
            || fields.text("error_text") != null;
    if (isError) {
      return Outcome.ERROR;
    }
    Outcome worst = Outcome.SUCCESS;
    for (String reason : fields.texts("finish_reason")) {
      Outcome outcome = dialects.outcome(reason);
      worst = outcome.compareTo(worst) > 0 ? outcome : worst;
    }
    return worst;
  }

  private static @Nullable Long status(CallFields fields, @Nullable HttpAttempt last) {
    BigDecimal told = fields.number("http_status");
    if (told != null && STATUS.matcher(told.toPlainString()).matches()) {
      return told.longValue();
    }
    return last == null || last.status() == null ? null : (Long) (long) last.status();
  }

  private void putError(
      LlmCallEvent.Builder event, CallFields fields, Recorded call, @Nullable HttpAttempt last) {
    String errorType = fields.text("error_type");
    boolean isStatus = errorType != null && STATUS.matcher(errorType).matches();
    boolean isName = errorType != null && !isStatus && !NAMELESS.contains(errorType);
    Long status = isStatus ? Long.valueOf(errorType) : status(fields, last);
    String words = words(fields, call);
    StringBuilder text = new StringBuilder();
    append(text, call.exceptionType());
    append(text, isName ? errorType : null);
    append(text, words);
    Classification found =
        ErrorClassifier.standard()
            .classify(
                ErrorReport.ofResponse(
                    fields.provider(),
                    status == null ? null : status.intValue(),
                    Map.of(),
                    text.toString()));
    if (found.type() == ErrorType.CANCELLED) {
      event.set(EventField.OUTCOME, Outcome.CANCELLED);
    }
    event.set(EventField.ERROR_TYPE, found.type());
    event.set(
        EventField.HTTP_STATUS, found.status() == null ? status : (Long) (long) found.status());
    event.set(EventField.RETRY_AFTER_MS, found.retryAfterMs());
    Texts.put(event, EventField.ERROR_DETAIL, found.detail());
    Texts.put(event, EventField.PROVIDER_ERROR_TYPE, found.providerType());
    Texts.put(event, EventField.PROVIDER_ERROR_CODE, found.providerCode());
    Texts.put(event, EventField.PROVIDER_ERROR_PARAM, found.providerParam());
    String exception = call.exceptionType() != null ? call.exceptionType() : found.exception();
    Texts.put(
        event, EventField.EXCEPTION_CLASS, exception == null && isName ? errorType : exception);
    if (event.get(EventField.REQUEST_ID) == null) {
      Texts.put(event, EventField.REQUEST_ID, found.requestId());
    }
    // Where the classifier finds no message within, its message is all of the text.
    boolean isWithin = !text.toString().strip().equals(found.message());
    Texts.putMessage(event, words != null && isWithin ? found.message() : words);
  }

  /** What was said of the error; null when nothing was. */
  private static @Nullable String words(CallFields fields, Recorded call) {
    StringBuilder words = new StringBuilder();
    append(words, call.exceptionMessage());
    if (call.exceptionMessage() == null
        || !call.statusMessage().contains(call.exceptionMessage())) {
      append(words, call.statusMessage());
    }
    append(words, fields.text("error_text"));
    return words.isEmpty() ? null : words.toString();
  }

  private static void append(StringBuilder text, @Nullable String more) {
    if (more != null && !more.isBlank()) {
      text.append(text.isEmpty() ? "" : "\n").append(more.strip());
    }
  }
}
