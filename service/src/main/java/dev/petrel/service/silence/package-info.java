// SPDX-License-Identifier: Apache-2.0
/** Silences: their record, and the topic that alerting, the console and the command line share. */
@NullMarked
package dev.petrel.service.silence;

import org.jspecify.annotations.NullMarked;
