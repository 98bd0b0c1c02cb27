// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import dev.petrel.http.CallContext;
import dev.petrel.http.CallScope;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Makes what a chat client's call says about itself the {@link CallContext} of all attempts below
 * it: its advisor parameters, before the {@link CallContext} in Reactor's context (under its
 * class), before that of the thread that calls or subscribes. Thread-safe.
 *
 * <p>
 *
 * {@snippet :
 * chatClient.prompt("Hi").advisors(a -> a.param(CallContextAdvisor.TENANT, "acme")).call();
 * }
 */
public final class CallContextAdvisor implements CallAdvisor, StreamAdvisor {

  /** Names the parameter for {@link CallContext#tenant}. */
  public static final String TENANT = "tenant";

  /** Names the parameter for {@link CallContext#user}. */
  public static final String USER = "user";

  /** Names the parameter for {@link CallContext#feature}. */
  public static final String FEATURE = "feature";

  private final ContextPrompts prompts;

  CallContextAdvisor(ContextPrompts prompts) {
    this.prompts = prompts;
  }

  @Override
  public String getName() {
    return "petrel-call-context";
  }

  /** Outside all others, some of which call models too. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
    CallScope scope = completed(CallScope.current(), request.context()).open();
    try {
      return chain.nextCall(request);
    } finally {
      scope.close();
    }
  }

  @Override
  public Flux<ChatClientResponse> adviseStream(
      ChatClientRequest request, StreamAdvisorChain chain) {
    return Flux.deferContextual(
        view -> {
          CallContext context = completed(known(view), request.context());
          // For the SDKs, which send from other threads, and for what sends from this one.
          Flux<ChatClientResponse> answer =
              chain.nextStream(
                  request
                      .mutate()
                      .prompt(prompts.carrying(request.prompt(), null, context))
                      .build());
          return Flux.from(
              subscriber -> {
                CallScope scope = context.open();
                try {
                  answer.subscribe(subscriber);
                } finally {
                  scope.close();
                }
              });
        });
  }

  private static CallContext known(ContextView view) {
    CallContext ofReactor = view.getOrDefault(CallContext.class, null);
    return ofReactor == null ? CallScope.current() : ofReactor;
  }

  private static CallContext completed(
      CallContext context, Map<String, @Nullable Object> parameters) {
    CallContext complete = with(context, parameters.get(TENANT), CallContext::withTenant);
    complete = with(complete, parameters.get(USER), CallContext::withUser);
    complete = with(complete, parameters.get(FEATURE), CallContext::withFeature);
    return with(
        complete, parameters.get(ChatMemory.CONVERSATION_ID), CallContext::withConversationId);
  }

  private static CallContext with(
      CallContext context,
      @Nullable Object value,
      BiFunction<CallContext, String, CallContext> with) {
    return value == null || value.toString().isBlank()
        ? context
        : with.apply(context, value.toString());
  }
}
