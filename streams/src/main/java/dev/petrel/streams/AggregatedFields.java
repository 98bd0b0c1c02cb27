// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import java.util.Set;

/** The fields of an event that aggregation looks at. A test holds them to the code that does. */
final class AggregatedFields {

  static final Set<EventField<?>> ALL =
      Set.of(
          EventField.CALL_ID,
          EventField.ATTEMPT,
          EventField.TENANT,
          EventField.SERVICE,
          EventField.INSTANCE,
          EventField.VERSION,
          EventField.ENVIRONMENT,
          EventField.PROVIDER,
          EventField.REQUEST_MODEL,
          EventField.RESPONSE_MODEL,
          EventField.CREDENTIAL,
          EventField.REQUEST_ID,
          EventField.ERROR_TYPE,
          EventField.PROVIDER_ERROR_TYPE,
          EventField.PROVIDER_ERROR_CODE,
          EventField.PROVIDER_ERROR_PARAM,
          EventField.DURATION_MS,
          EventField.TIME_TO_FIRST_CHUNK_MS,
          EventField.INPUT_TOKENS,
          EventField.OUTPUT_TOKENS,
          EventField.CACHE_READ_TOKENS,
          EventField.CACHE_WRITE_TOKENS,
          EventField.REASONING_TOKENS,
          EventField.USAGE_SOURCE,
          EventField.COST_NANO_USD,
          EventField.CONTEXT_WINDOW,
          EventField.RETRY_AFTER_MS,
          EventField.RETRY_DELAY_MS,
          EventField.RETRIED_ERROR_TYPE,
          EventField.RATELIMIT);

  private AggregatedFields() {}
}
