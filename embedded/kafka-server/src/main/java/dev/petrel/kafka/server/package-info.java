// SPDX-License-Identifier: Apache-2.0
/** The main class of the Kafka broker that runs as a child JVM of a Petrel program. */
@NullMarked
package dev.petrel.kafka.server;

import org.jspecify.annotations.NullMarked;
