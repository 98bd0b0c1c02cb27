// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import dev.petrel.event.LlmCallEvent;

/**
 * A row that was read as a call.
 *
 * @param row number of the row in its file, from 1
 * @param event the call; without {@code event_id} when the row has none
 */
public record RecordedCall(long row, LlmCallEvent.Builder event) {}
