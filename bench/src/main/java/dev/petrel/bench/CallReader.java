// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/**
 * Reads the few fields of {@link Call} from an event's JSON as a stream, as fast as Jackson can and
 * without any validation. Thread-safe.
 */
public final class CallReader {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

  private CallReader() {}

  /**
   * Reads an event into {@code call}, whose former values are forgotten.
   *
   * @throws IOException when it is not JSON
   */
  public static void read(byte[] json, Call call) throws IOException {
    call.clear();
    try (JsonParser parser = FACTORY.createParser(json)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        switch (name) {
          case "timestamp" -> call.timestamp = parser.getLongValue();
          case "tenant" -> call.tenant = parser.getText();
          case "request_model" -> call.model = parser.getText();
          case "outcome" -> call.failed = parser.getText().equals("error");
          case "input_tokens" -> call.inputTokens = parser.getLongValue();
          case "output_tokens" -> call.outputTokens = parser.getLongValue();
          case "cost_nano_usd" -> call.costNanoUsd = parser.getLongValue();
          case "duration_ms" -> call.durationMs = parser.getDoubleValue();
          default -> parser.skipChildren();
        }
      }
    }
  }
}
