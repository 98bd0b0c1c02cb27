// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

import dev.petrel.event.ErrorType;
import org.jspecify.annotations.Nullable;

/**
 * A way for an attempt to fail.
 *
 * @param type the error type
 * @param status the HTTP status, 0 when there was no answer
 * @param code the provider's error code, null when there is none
 * @param message the provider's message
 * @param weight how often, relative to the others
 */
record Failure(ErrorType type, int status, @Nullable String code, String message, double weight) {}
