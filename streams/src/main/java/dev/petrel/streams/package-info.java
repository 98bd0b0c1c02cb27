// SPDX-License-Identifier: Apache-2.0
/** The topology that counts calls by scope and minute, and the service that runs it. */
@NullMarked
package dev.petrel.streams;

import org.jspecify.annotations.NullMarked;
