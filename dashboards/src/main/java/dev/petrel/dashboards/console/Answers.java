// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.petrel.dashboards.index.OpenSearchCallException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How requests are answered: off the event loop, and failures as JSON that says why. */
final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private Answers() {}

  static HttpResponse blocking(ServiceRequestContext context, Supplier<HttpResponse> work) {
    context.setRequestTimeout(TIMEOUT);
    return HttpResponse.of(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return work.get();
              } catch (RuntimeException e) {
                return failure(e).toHttpResponse();
              }
            },
            context.blockingTaskExecutor()));
  }

  static HttpResponse json(byte[] body) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, body);
  }

  /** The status and JSON that a failure is answered with. */
  static AggregatedHttpResponse failure(Throwable failure) {
    if (failure instanceof BadRequestException) {
      return error(HttpStatus.BAD_REQUEST, String.valueOf(failure.getMessage()));
    }
    if (failure instanceof OpenSearchCallException) {
      return error(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(failure.getMessage()));
    }
    if (failure instanceof KafkaException || failure instanceof TimeoutException) {
      return error(
          HttpStatus.SERVICE_UNAVAILABLE, "Kafka does not answer: " + failure.getMessage());
    }
    LOG.atWarn().setCause(failure).log("A request of the console failed");
    return error(HttpStatus.INTERNAL_SERVER_ERROR, failure.toString());
  }

  static AggregatedHttpResponse error(HttpStatus status, String message) {
    String body =
        JSON.createObjectNode().put("status", status.code()).put("error", message).toString();
    return AggregatedHttpResponse.of(status, MediaType.JSON_UTF_8, body);
  }
}
