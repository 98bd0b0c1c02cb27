// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import java.util.List;
import java.util.Map;

/**
 * How a provider works at some time, apart from its limits.
 *
 * @param failureRate share of attempts that fail, 0 to 1
 * @param mix how they fail
 * @param slowness factor on durations
 * @param millisPerInputToken time that each token of a prompt takes before the first chunk
 */
record Conditions(
    double failureRate, Choice<ErrorType> mix, double slowness, double millisPerInputToken) {

  /** What a token of a prompt takes on an ordinary day. */
  static final double ORDINARY_MILLIS_PER_INPUT_TOKEN = 0.05;

  /** An ordinary day: about 1 % of attempts fail. */
  static final Conditions ORDINARY =
      new Conditions(
          0.01,
          mixOf(
              Map.of(
                  ErrorType.SERVER_ERROR, 30.0,
                  ErrorType.OVERLOADED, 20.0,
                  ErrorType.CLIENT_TIMEOUT, 15.0,
                  ErrorType.NETWORK, 10.0,
                  ErrorType.INVALID_REQUEST, 10.0,
                  ErrorType.CONTENT_FILTER, 10.0,
                  ErrorType.CANCELLED, 5.0)),
          1,
          ORDINARY_MILLIS_PER_INPUT_TOKEN);

  /** A provider without enough capacity. */
  static final Conditions DEGRADED =
      new Conditions(
          0.60,
          mixOf(
              Map.of(
                  ErrorType.OVERLOADED, 55.0,
                  ErrorType.SERVER_ERROR, 30.0,
                  ErrorType.PROVIDER_TIMEOUT, 15.0)),
          3,
          ORDINARY_MILLIS_PER_INPUT_TOKEN);

  Conditions withFailureRate(double rate) {
    return new Conditions(rate, mix, slowness, millisPerInputToken);
  }

  Conditions withMillisPerInputToken(double millis) {
    return new Conditions(failureRate, mix, slowness, millis);
  }

  private static Choice<ErrorType> mixOf(Map<ErrorType, Double> weights) {
    // In an order that is the same in each process, unlike that of the map.
    List<ErrorType> types = weights.keySet().stream().sorted().toList();
    return new Choice<>(types, type -> weights.getOrDefault(type, 0.0));
  }
}
