// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

/**
 * A model as simulated calls use it. Prices are invented, and stamped so on the events.
 *
 * @param provider its provider
 * @param name the model asked for
 * @param answersAs the model that answers name, usually with a date
 * @param serverAddress host of its API
 * @param weight share of the traffic, relative to the others
 * @param baseMillis time that an answer takes before its first token
 * @param millisPerToken time that each output token takes
 * @param nanoUsdPerInputToken price of an input token
 * @param nanoUsdPerOutputToken price of an output token
 */
record SimulatedModel(
    String provider,
    String name,
    String answersAs,
    String serverAddress,
    double weight,
    double baseMillis,
    double millisPerToken,
    long nanoUsdPerInputToken,
    long nanoUsdPerOutputToken) {}
