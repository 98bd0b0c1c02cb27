// SPDX-License-Identifier: Apache-2.0
/** The recent traffic of an environment, as its aggregates tell it: what the patterns look at. */
@NullMarked
package dev.petrel.alerting.traffic;

import org.jspecify.annotations.NullMarked;
