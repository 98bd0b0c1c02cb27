// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;

/** How the options of one kind of model take a request header. */
@FunctionalInterface
interface HeaderOption {

  /** The options with a header more; null when they are not of the kind. */
  @Nullable ChatOptions add(ChatOptions options, String name, String value);
}
