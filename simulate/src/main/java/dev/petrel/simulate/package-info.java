// SPDX-License-Identifier: Apache-2.0
/** Calls of named scenarios, deterministic by seed, with the truth of what is wrong in them. */
@NullMarked
package dev.petrel.simulate;

import org.jspecify.annotations.NullMarked;
