// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

/**
 * A row that is no call.
 *
 * @param row number of the row in its file, from 1
 * @param raw the row as it stands
 * @param reason what is wrong with it; quotes nothing of the row
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it stands, never compared
public record RejectedRow(long row, byte[] raw, String reason) {}
