// SPDX-License-Identifier: Apache-2.0
/**
 * What a failed attempt tells of itself, and the taxonomy it is sorted into, by rules kept as data.
 */
@NullMarked
package dev.petrel.event.errors;

import org.jspecify.annotations.NullMarked;
