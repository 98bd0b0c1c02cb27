// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

/** An enum constant with a stable snake_case name in JSON, in topics and in documents. */
public interface WireNamed {

  /** The name outside Java; never changes once released. */
  String wireName();
}
