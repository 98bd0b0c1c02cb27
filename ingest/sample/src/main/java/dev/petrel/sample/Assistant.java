// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** Answers questions with the help of an LLM. Thread-safe. */
interface Assistant {

  /**
   * The LLM's answer.
   *
   * @throws com.openai.errors.OpenAIException when there is none
   */
  String answer(String question) throws Exception;

  /** What the LLM is asked. */
  static ChatCompletionCreateParams params(String model, String question) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addSystemMessage("You help the customers of a shop. Answer in one sentence.")
        .addUserMessage(question)
        .build();
  }

  /** What it says. */
  static String text(ChatCompletion completion) {
    return completion.choices().stream()
        .findFirst()
        .flatMap(choice -> choice.message().content())
        .orElse("");
  }
}
