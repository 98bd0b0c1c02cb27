// SPDX-License-Identifier: Apache-2.0
/** The gateway service: every way into Petrel that needs no code in the application. */
@NullMarked
package dev.petrel.gateway;

import org.jspecify.annotations.NullMarked;
