// SPDX-License-Identifier: Apache-2.0
/** Writes aggregates and alerts to OpenSearch, and serves the console that shows them. */
@NullMarked
package dev.petrel.dashboards;

import org.jspecify.annotations.NullMarked;
