// SPDX-License-Identifier: Apache-2.0
/** What becomes of calls between a decoder and the sink, whatever way they came. */
@NullMarked
package dev.petrel.gateway.intake;

import org.jspecify.annotations.NullMarked;
