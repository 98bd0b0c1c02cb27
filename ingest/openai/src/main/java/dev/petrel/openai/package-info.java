// SPDX-License-Identifier: Apache-2.0
/** The hook into OpenAI's Java SDK: an event of each attempt of its clients. */
@NullMarked
package dev.petrel.openai;

import org.jspecify.annotations.NullMarked;
