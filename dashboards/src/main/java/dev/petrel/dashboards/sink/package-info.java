// SPDX-License-Identifier: Apache-2.0
/** The way of records from Kafka into OpenSearch: at least once, and idempotent. */
@NullMarked
package dev.petrel.dashboards.sink;

import org.jspecify.annotations.NullMarked;
