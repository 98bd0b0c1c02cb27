// SPDX-License-Identifier: Apache-2.0
/** What a call costs: the bundled price table, an operator's own prices, and the rules of cost. */
@NullMarked
package dev.petrel.event.prices;

import org.jspecify.annotations.NullMarked;
