// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

/** Providers for tests. */
public final class Groups {

  private Groups() {}

  /** A provider of which nothing is known yet. */
  public static Group of(String environment, String provider) {
    return new Group(environment, provider);
  }
}
