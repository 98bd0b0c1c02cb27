// SPDX-License-Identifier: Apache-2.0
/** Kafka and OpenSearch for integration tests, the same tests on child JVMs and on containers. */
@NullMarked
package dev.petrel.test.servers;

import org.jspecify.annotations.NullMarked;
