// SPDX-License-Identifier: Apache-2.0
/** The alerting service: from aggregates of calls to alert episodes to notifications. */
@NullMarked
package dev.petrel.alerting;

import org.jspecify.annotations.NullMarked;
