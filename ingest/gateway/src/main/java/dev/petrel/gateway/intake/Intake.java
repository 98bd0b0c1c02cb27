// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import dev.petrel.event.EventField;
import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.completion.EventCompletion;
import dev.petrel.gateway.intake.RefusedException.Reason;
import dev.petrel.gateway.sink.CallSink;
import dev.petrel.gateway.sources.Source;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a request's calls, whatever way they came: each is held to its source's
 * tenants, freed of what is not to be kept, classified, priced and redacted, and then stored.
 * Thread-safe.
 */
public final class Intake {

  /** Long enough for a broker to be elected. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final CallSink sink;
  private final EventCompletion completion;
  private final Privacy privacy;
  private final InstantSource clock;
  private final IntakeMeters meters;

  /**
   * @param sink where calls go
   * @param completion classifies, prices and redacts
   * @param privacy takes out what is not to be kept
   * @param clock what the future begins at
   * @param meters counts all of it
   */
  public Intake(
      CallSink sink,
      EventCompletion completion,
      Privacy privacy,
      InstantSource clock,
      IntakeMeters meters) {
    this.sink = sink;
    this.completion = completion;
    this.privacy = privacy;
    this.clock = clock;
    this.meters = meters;
  }

  /**
   * Stores the calls of a request.
   *
   * @param way how it came, for metrics
   * @return completes when all that is acceptable is durable; exceptionally with {@link
   *     RefusedException} when the sender should send the whole request again
   */
  public CompletableFuture<Receipt> accept(Source source, String way, Decoded decoded) {
    Duration wait =
        decoded.calls().isEmpty() ? Duration.ZERO : source.admit(decoded.calls().size());
    if (!wait.isZero()) {
      return CompletableFuture.failedFuture(
          RefusedException.until(
              Reason.TOO_MANY, "more events than this source may send; try again", wait));
    }
    List<Rejection> rejections = new ArrayList<>(decoded.rejections());
    List<LlmCallEvent> events = new ArrayList<>(decoded.calls().size());
    for (DecodedCall call : decoded.calls()) {
      LlmCallEvent bound = bound(source, call, rejections);
      if (bound != null) {
        events.add(completion.apply(privacy.apply(bound), call.serviceTier()));
      }
    }
    rejections.sort(Comparator.comparingInt(Rejection::index));
    count(source, way, decoded, rejections, events.size());
    return sink.store(events)
        .handle(
            (nothing, failure) -> {
              if (failure != null) {
                meters.notStored(way, source.name(), events.size());
                throw RefusedException.until(
                    Reason.UNAVAILABLE,
                    "the calls could not be stored; send them again",
                    RETRY_AFTER);
              }
              meters.stored(way, source.name(), events.size());
              return new Receipt(events.size(), rejections);
            });
  }

  private @Nullable LlmCallEvent bound(
      Source source, DecodedCall call, List<Rejection> rejections) {
    LlmCallEvent event = call.event();
    if (event.timestamp() > clock.millis() + LlmCallEventCodec.MAX_AHEAD.toMillis()) {
      rejections.add(
          new Rejection(
              call.index(),
              InvalidEventException.Reason.IMPOSSIBLE_VALUE.wireName(),
              EventField.TIMESTAMP.jsonName(),
              "more than an hour in the future"));
      return null;
    }
    String broken = unencodable(event);
    if (broken != null) {
      rejections.add(
          new Rejection(
              call.index(),
              InvalidEventException.Reason.INVALID_UTF8.wireName(),
              broken,
              "must have a form in UTF-8"));
      return null;
    }
    String tenant = event.get(EventField.TENANT);
    if (tenant == null) {
      String only = source.onlyTenant();
      return only == null ? event : event.toBuilder().set(EventField.TENANT, only).build();
    }
    if (source.mayWriteFor(tenant)) {
      return event;
    }
    rejections.add(
        new Rejection(
            call.index(),
            "tenant_not_allowed",
            EventField.TENANT.jsonName(),
            "not a tenant that this source may write for"));
    return null;
  }

  /** The first field whose text cannot be written; null when all can. */
  private static @Nullable String unencodable(LlmCallEvent event) {
    for (EventField<?> field : EventField.all()) {
      if (event.get(field) instanceof String text && !Texts.isEncodable(text)) {
        return field.jsonName();
      }
    }
    Map<String, String> attributes = event.get(EventField.ATTRIBUTES);
    if (attributes != null) {
      for (Map.Entry<String, String> attribute : attributes.entrySet()) {
        if (!Texts.isEncodable(attribute.getKey()) || !Texts.isEncodable(attribute.getValue())) {
          return EventField.ATTRIBUTES.jsonName();
        }
      }
    }
    return null;
  }

  private void count(
      Source source, String way, Decoded decoded, List<Rejection> rejections, int acceptable) {
    meters.received(way, source.name(), acceptable + rejections.size());
    for (Rejection rejection : rejections) {
      meters.rejected(way, source.name(), rejection.reason());
    }
    decoded.skipped().forEach((reason, items) -> meters.skipped(way, reason, items));
  }
}
