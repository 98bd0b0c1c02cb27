// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.event.LlmCallEvent;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param event its event
 * @param endsAt in ms since the epoch
 * @param retry the attempt that follows, null when none does
 */
record Ending(LlmCallEvent event, long endsAt, @Nullable Attempt retry) {}
