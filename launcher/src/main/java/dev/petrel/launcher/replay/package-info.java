// SPDX-License-Identifier: Apache-2.0
/** Recorded calls in several formats, read as events. */
@NullMarked
package dev.petrel.launcher.replay;

import org.jspecify.annotations.NullMarked;
