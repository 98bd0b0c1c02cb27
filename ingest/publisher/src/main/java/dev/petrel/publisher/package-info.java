// SPDX-License-Identifier: Apache-2.0
/** Publishes call events to Kafka from within an application, without ever holding it up. */
@NullMarked
package dev.petrel.publisher;

import org.jspecify.annotations.NullMarked;
