// SPDX-License-Identifier: Apache-2.0
/** The main class of the OpenSearch node that runs as a child JVM of a Petrel program. */
@NullMarked
package dev.petrel.opensearch.server;

import org.jspecify.annotations.NullMarked;
