// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where providers put the id of a request. */
public final class RequestIds {

  /**
   * Names of headers, in lower case. The most telling first: what a provider's support asks for.
   */
  public static final List<String> HEADERS =
      List.of(
          "x-request-id",
          "request-id",
          "apim-request-id",
          "x-amzn-requestid",
          "x-ms-client-request-id",
          "x-goog-request-id",
          "mistral-correlation-id",
          "x-generation-id",
          "cf-ray");

  private RequestIds() {}

  /**
   * The provider's id of a request.
   *
   * @param headers the response's, names in lower case
   * @param ofBody what the body says, null when it says none
   * @return null when neither has one
   */
  public static @Nullable String of(Map<String, String> headers, @Nullable String ofBody) {
    for (String name : HEADERS) {
      String id = headers.get(name);
      if (id != null && !id.isBlank()) {
        return id.strip();
      }
    }
    return ofBody;
  }
}
