// SPDX-License-Identifier: Apache-2.0
/** The call event: one attempt of one LLM API call, its field table and its JSON form. */
@NullMarked
package dev.petrel.event;

import org.jspecify.annotations.NullMarked;
