// SPDX-License-Identifier: Apache-2.0
/** Where accepted calls go: Kafka. */
@NullMarked
package dev.petrel.gateway.sink;

import org.jspecify.annotations.NullMarked;
