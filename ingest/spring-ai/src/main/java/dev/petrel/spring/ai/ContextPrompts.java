// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import dev.petrel.http.CallContext;
import dev.petrel.http.HttpCallObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Makes prompts carry a {@link CallContext} to whatever thread sends their requests. The SDKs below
 * Spring AI's streaming models send from the common pool, where the caller's thread is forgotten.
 *
 * <p>Clients made by {@code ChatClient.Builder} do so by themselves. An application that streams
 * from a {@link ChatModel} directly uses this bean:
 *
 * <p>
 *
 * {@snippet :
 * model.stream(contextPrompts.carrying(model, prompt, CallContext.ofTenant("acme")))
 * }
 *
 * <p>The context goes as a request header, encrypted, which the observed HTTP client takes off. A
 * model whose HTTP client is not observed would send it. Thread-safe.
 */
public final class ContextPrompts {

  private final HttpCallObserver observer;
  private final List<HeaderOption> options;

  ContextPrompts(HttpCallObserver observer, List<HeaderOption> options) {
    this.observer = observer;
    this.options = List.copyOf(options);
  }

  /**
   * The prompt, its calls on behalf of {@code context}.
   *
   * @param model whose options a prompt without any gets
   */
  public Prompt carrying(ChatModel model, Prompt prompt, CallContext context) {
    return carrying(prompt, prompt.getOptions() == null ? model.getOptions() : null, context);
  }

  /** The prompt with the header, or as it is when its options know no headers. */
  Prompt carrying(Prompt prompt, @Nullable ChatOptions defaults, CallContext context) {
    ChatOptions current = prompt.getOptions() == null ? defaults : prompt.getOptions();
    if (current == null) {
      return prompt;
    }
    for (HeaderOption option : options) {
      ChatOptions carrying =
          option.add(current, HttpCallObserver.CONTEXT_HEADER, observer.carry(context));
      if (carrying != null) {
        return prompt.mutate().chatOptions(carrying).build();
      }
    }
    return prompt;
  }
}
