// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import java.util.List;
import java.util.Map;

/**
 * The JSON form of deliveries. One that would be too large for a record of Kafka is written without
 * what the next version of its alerts brings again: facts, evidence and annotations.
 */
final class DeliveryCodec {

  // Kafka refuses records of more than 1 MiB.
  private static final int MAX_BYTES = 900_000;
  private static final int SHORT = 200;

  private DeliveryCodec() {}

  static byte[] bytes(Delivery delivery) {
    byte[] all = Json.bytes(delivery);
    return all.length <= MAX_BYTES ? all : Json.bytes(reduced(delivery));
  }

  /**
   * Reads.
   *
   * @throws IllegalArgumentException when it is no delivery
   */
  static Delivery read(byte[] bytes) {
    return Json.read(bytes, Delivery.class);
  }

  private static Delivery reduced(Delivery delivery) {
    List<Member> alerts =
        delivery.alerts().stream().map(member -> member.about(reduced(member.alert()))).toList();
    return new Delivery(
        delivery.incidentId(),
        delivery.group(),
        delivery.createdAt(),
        delivery.told(),
        delivery.endedAt(),
        delivery.endedBecause(),
        delivery.fallbacks(),
        alerts,
        delivery.notifications(),
        delivery.remembered(),
        delivery.decisions());
  }

  private static Alert reduced(Alert alert) {
    String summary = alert.summary();
    return new Alert(
        alert.alertId(),
        alert.rule(),
        alert.pattern(),
        alert.status(),
        alert.severity(),
        alert.labels(),
        Map.of(),
        alert.startsAt(),
        alert.firedAt(),
        alert.endsAt(),
        alert.updatedAt(),
        alert.revision(),
        summary.length() <= SHORT ? summary : summary.substring(0, SHORT),
        Map.of(),
        Map.of(),
        alert.runbookUrl());
  }
}
