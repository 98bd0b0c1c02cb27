// SPDX-License-Identifier: Apache-2.0
/** What every way in does to an event before it is stored. */
@NullMarked
package dev.petrel.event.completion;

import org.jspecify.annotations.NullMarked;
