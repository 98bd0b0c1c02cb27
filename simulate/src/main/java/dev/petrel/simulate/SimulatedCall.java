// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import org.jspecify.annotations.Nullable;

/**
 * Who asks what, before it is known how it ends.
 *
 * @param id the call's id
 * @param tenant the tenant
 * @param user keyed hash of the user
 * @param conversation the conversation, null when it is none
 * @param service the calling service
 * @param instance number of the service's instance
 * @param feature what the call is for
 * @param model the model called
 * @param inputTokens tokens of the prompt
 * @param cachedTokens how many of them the provider has in its cache
 * @param outputTokens tokens of the answer, if there is one
 */
record SimulatedCall(
    String id,
    String tenant,
    String user,
    @Nullable String conversation,
    SimulatedService service,
    int instance,
    String feature,
    SimulatedModel model,
    long inputTokens,
    long cachedTokens,
    long outputTokens) {

  SimulatedProvider provider() {
    return model.provider();
  }

  /** Most tokens of a prompt that leave room for the longest answer. */
  long mostInputTokens() {
    return model.contextWindow() - service.maxOutputTokens();
  }

  SimulatedCall withTokens(long input, long cached, long output) {
    return new SimulatedCall(
        id, tenant, user, conversation, service, instance, feature, model, input, cached, output);
  }
}
