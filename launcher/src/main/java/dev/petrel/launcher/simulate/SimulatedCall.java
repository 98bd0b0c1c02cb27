// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

/**
 * Who calls what, before it is known how it ends.
 *
 * @param tenant the tenant
 * @param service the calling service
 * @param instance the instance of the service
 * @param model the model called
 */
record SimulatedCall(String tenant, String service, String instance, SimulatedModel model) {}
