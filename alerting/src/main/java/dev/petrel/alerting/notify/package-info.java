// SPDX-License-Identifier: Apache-2.0
/** Notification: what each receiver is to be told, the log of what it was told, and the senders. */
@NullMarked
package dev.petrel.alerting.notify;

import org.jspecify.annotations.NullMarked;
