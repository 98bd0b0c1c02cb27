// SPDX-License-Identifier: Apache-2.0
/** The alert document, which detection writes and notification reads. */
@NullMarked
package dev.petrel.alerting.alert;

import org.jspecify.annotations.NullMarked;
