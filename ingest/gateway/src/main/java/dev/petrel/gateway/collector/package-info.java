// SPDX-License-Identifier: Apache-2.0
/** Batches that an OpenTelemetry Collector's Kafka exporter wrote. */
@NullMarked
package dev.petrel.gateway.collector;

import org.jspecify.annotations.NullMarked;
