// SPDX-License-Identifier: Apache-2.0
/** Detection as a Kafka Streams topology: exactly once, from aggregates to alerts. */
@NullMarked
package dev.petrel.alerting.topology;

import org.jspecify.annotations.NullMarked;
