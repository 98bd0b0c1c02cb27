// SPDX-License-Identifier: Apache-2.0
/** The same detection over recorded calls, as fast as it goes. */
@NullMarked
package dev.petrel.alerting.backtest;

import org.jspecify.annotations.NullMarked;
