// SPDX-License-Identifier: Apache-2.0
/** Aggregates of calls by scope and window, their merge, and their JSON and binary forms. */
@NullMarked
package dev.petrel.stats;

import org.jspecify.annotations.NullMarked;
