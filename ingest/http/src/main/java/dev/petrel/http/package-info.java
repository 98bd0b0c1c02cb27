// SPDX-License-Identifier: Apache-2.0
/**
 * What hooks into HTTP clients share: an attempt as its request, its answer and its end show it,
 * and how it becomes a call event. And the hook for the JDK's own client.
 */
@NullMarked
package dev.petrel.http;

import org.jspecify.annotations.NullMarked;
