// SPDX-License-Identifier: Apache-2.0
/** The hook into LangChain4j: its HTTP clients watched, and its listener attributes as context. */
@NullMarked
package dev.petrel.langchain4j;

import org.jspecify.annotations.NullMarked;
