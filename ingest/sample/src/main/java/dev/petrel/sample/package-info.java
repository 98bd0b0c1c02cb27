// SPDX-License-Identifier: Apache-2.0
/** A small service that asks an LLM, and how its calls come to Petrel. */
@NullMarked
package dev.petrel.sample;

import org.jspecify.annotations.NullMarked;
