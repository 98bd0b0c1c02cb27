// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.http;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.AbstractHttpService;
import com.linecorp.armeria.server.RequestCancellationException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.petrel.gateway.http.InFlight.Reservation;
import dev.petrel.gateway.intake.Intake;
import dev.petrel.gateway.intake.IntakeMeters;
import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.intake.RefusedException.Reason;
import dev.petrel.gateway.sources.Source;
import dev.petrel.gateway.sources.Sources;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One path of the gateway: admits the sender, reads the body within bounds, has it decoded and
 * stored, and answers when that is certain. Thread-safe.
 */
public final class Endpoint extends AbstractHttpService {

  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Protocol protocol;
  private final Shared shared;

  /**
   * What all paths share.
   *
   * @param sources who may write
   * @param intake what is done with calls
   * @param meters counts requests
   * @param inFlight bounds what is held
   * @param maxRequestBytes bounds one request, unpacked or not
   */
  public record Shared(
      Sources sources,
      Intake intake,
      IntakeMeters meters,
      InFlight inFlight,
      int maxRequestBytes) {}

  /** A path that speaks a protocol. */
  public Endpoint(Protocol protocol, Shared shared) {
    this.protocol = protocol;
    this.shared = shared;
  }

  @Override
  protected HttpResponse doPost(ServiceRequestContext context, HttpRequest request) {
    long start = System.nanoTime();
    MediaType type = request.contentType();
    Source source = shared.sources().of(request.headers().get(HttpHeaderNames.AUTHORIZATION));
    if (source == null) {
      request.abort();
      return answer(
          type, new RefusedException(Reason.UNAUTHENTICATED, "needs the bearer token of a source"));
    }
    Reservation reservation = shared.inFlight().open();
    CompletableFuture<HttpResponse> answer =
        request
            .peekData(
                data -> {
                  reservation.add(data.length());
                  if (reservation.held() > shared.maxRequestBytes()) {
                    throw Gzip.tooLarge(shared.maxRequestBytes());
                  }
                })
            .aggregate()
            .thenComposeAsync(
                whole -> taken(source, whole, reservation), context.blockingTaskExecutor())
            .handle(
                (acknowledged, failure) -> {
                  reservation.close();
                  if (failure != null) {
                    return answer(type, refusal(failure));
                  }
                  shared
                      .meters()
                      .acknowledged(protocol.way())
                      .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
                  return acknowledged;
                });
    return HttpResponse.of(answer);
  }

  private CompletableFuture<HttpResponse> taken(
      Source source, AggregatedHttpRequest request, Reservation reservation) {
    MediaType type = request.contentType();
    byte[] body =
        protocol.unpack(
            request.headers(),
            request.content().array(),
            shared.maxRequestBytes(),
            reservation::add);
    return shared
        .intake()
        .accept(source, protocol.way(), protocol.decode(type, body))
        .thenApply(receipt -> protocol.acknowledged(type, receipt));
  }

  private HttpResponse answer(@Nullable MediaType type, RefusedException refusal) {
    shared.meters().refused(protocol.way(), refusal.reason());
    return protocol.refused(type, refusal);
  }

  private RefusedException refusal(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RefusedException refused) {
      return refused;
    }
    if (isGone(cause)) {
      LOG.atDebug().addKeyValue("way", protocol.way()).log("the sender went away");
    } else {
      LOG.atError()
          .addKeyValue("way", protocol.way())
          .setCause(cause)
          .log("a request could not be taken; this is a defect of the gateway");
    }
    // Whatever it was, the sender has its calls still.
    return RefusedException.until(
        Reason.UNAVAILABLE, "the request could not be taken; send it again", RETRY_AFTER);
  }

  private static boolean isGone(Throwable cause) {
    return cause instanceof CancellationException
        || cause instanceof ClosedStreamException
        || cause instanceof AbortedStreamException
        || cause instanceof RequestCancellationException
        || cause instanceof RequestTimeoutException;
  }
}
