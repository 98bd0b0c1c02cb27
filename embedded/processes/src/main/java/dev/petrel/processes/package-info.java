// SPDX-License-Identifier: Apache-2.0
/** Kafka and OpenSearch as child JVMs: started, watched, stopped, never left behind. */
@NullMarked
package dev.petrel.processes;

import org.jspecify.annotations.NullMarked;
