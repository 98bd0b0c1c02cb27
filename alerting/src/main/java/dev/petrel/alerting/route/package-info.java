// SPDX-License-Identifier: Apache-2.0
/** Whom to tell of an alert and when: routes, inhibition, silences, mute times. All of it pure. */
@NullMarked
package dev.petrel.alerting.route;

import org.jspecify.annotations.NullMarked;
