// SPDX-License-Identifier: Apache-2.0
/** How a request is admitted, read within bounds, and answered. */
@NullMarked
package dev.petrel.gateway.http;

import org.jspecify.annotations.NullMarked;
