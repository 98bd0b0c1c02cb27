// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

/**
 * Calls that one tenant makes beside the ordinary ones.
 *
 * @param when how long
 * @param tenant who makes them
 * @param service through which service
 * @param model of which model
 * @param timesLimit their rate, as a multiple of the account's limit on requests
 */
record Flood(
    Span when, String tenant, SimulatedService service, SimulatedModel model, double timesLimit) {}
