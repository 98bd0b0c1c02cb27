// SPDX-License-Identifier: Apache-2.0
/** Plain JSON: the event itself. */
@NullMarked
package dev.petrel.gateway.json;

import org.jspecify.annotations.NullMarked;
