// SPDX-License-Identifier: Apache-2.0
/** Calls of named scenarios, deterministic by seed. */
@NullMarked
package dev.petrel.launcher.simulate;

import org.jspecify.annotations.NullMarked;
