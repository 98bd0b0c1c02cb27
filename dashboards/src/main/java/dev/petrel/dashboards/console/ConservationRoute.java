// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.petrel.dashboards.accounts.ConservationReader;
import java.time.Duration;
import java.util.Set;

/** {@code /api/conservation}: what has become of all calls. */
final class ConservationRoute {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final ConservationReader reader;

  ConservationRoute(ConservationReader reader) {
    this.reader = reader;
  }

  void addTo(ServerBuilder builder) {
    builder.route().get("/api/conservation").build((context, request) -> answer(context));
  }

  private HttpResponse answer(ServiceRequestContext context) {
    try {
      new Parameters(context.queryParams(), Set.of());
    } catch (BadRequestException e) {
      return Answers.failure(e).toHttpResponse();
    }
    context.setRequestTimeout(TIMEOUT);
    return HttpResponse.of(
        reader
            .current()
            .handle(
                (conservation, failure) ->
                    failure == null
                        ? Answers.json(conservation.json())
                        : Answers.failure(failure).toHttpResponse()));
  }
}
