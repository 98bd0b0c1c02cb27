// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

/**
 * Who makes a call, and to which model.
 *
 * @param tenant the tenant
 * @param user the user's hash
 * @param service the calling service
 * @param instance one of the service's instances
 * @param credential the API key's fingerprint
 * @param model the model called
 */
record Caller(
    String tenant,
    String user,
    String service,
    String instance,
    String credential,
    ModelProfile model) {}
