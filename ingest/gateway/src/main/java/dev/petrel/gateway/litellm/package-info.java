// SPDX-License-Identifier: Apache-2.0
/** LiteLLM's log of each call. */
@NullMarked
package dev.petrel.gateway.litellm;

import org.jspecify.annotations.NullMarked;
