// SPDX-License-Identifier: Apache-2.0
/** OTLP traces and logs, and the dialects in which instrumentations write them. */
@NullMarked
package dev.petrel.gateway.otlp;

import org.jspecify.annotations.NullMarked;
