// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import com.openai.client.OpenAIClient;
import dev.petrel.http.CallContext;

/**
 * Asks through a client with Petrel's hook, which sees each attempt by itself. Tenant and user are
 * in the MDC already; all that is told here is what the call is for.
 */
final class HookedAssistant implements Assistant {

  private static final CallContext CONTEXT = CallContext.NONE.withFeature("ask");

  private final OpenAIClient client;
  private final String model;

  HookedAssistant(OpenAIClient client, String model) {
    this.client = client;
    this.model = model;
  }

  @Override
  public String answer(String question) throws Exception {
    return CONTEXT.call(
        () ->
            Assistant.text(client.chat().completions().create(Assistant.params(model, question))));
  }
}
