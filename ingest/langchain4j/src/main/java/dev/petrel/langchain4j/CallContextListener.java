// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.petrel.http.CallContext;
import dev.petrel.http.CallScope;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Makes a call's listener attributes the {@link CallContext} of its attempts. What they do not say
 * stays as the thread has it. Thread-safe.
 *
 * <p>
 *
 * {@snippet :
 * model.chat(
 *     request,
 *     ChatRequestOptions.builder()
 *         .addListenerAttribute(CallContextListener.TENANT, "acme")
 *         .build());
 * }
 *
 * <p>For a streaming model, use it together with this module's HTTP client: LangChain4j tells the
 * end of a stream on another thread, and it is that client which knows when the thread is done. Any
 * other one would leave the context to the thread until its next call.
 */
public final class CallContextListener implements ChatModelListener {

  /** Names the attribute for {@link CallContext#tenant}. */
  public static final String TENANT = "tenant";

  /** Names the attribute for {@link CallContext#user}. */
  public static final String USER = "user";

  /** Names the attribute for {@link CallContext#conversationId}. */
  public static final String CONVERSATION_ID = "conversation_id";

  /** Names the attribute for {@link CallContext#feature}. */
  public static final String FEATURE = "feature";

  /** The only kind there is. */
  public CallContextListener() {}

  @Override
  public void onRequest(ChatModelRequestContext request) {
    ThreadContext.takeBack();
    CallContext before = CallScope.current();
    Map<Object, Object> attributes = request.attributes();
    CallContext context = with(before, attributes, TENANT, CallContext::withTenant);
    context = with(context, attributes, USER, CallContext::withUser);
    context = with(context, attributes, CONVERSATION_ID, CallContext::withConversationId);
    context = with(context, attributes, FEATURE, CallContext::withFeature);
    if (!context.equals(before)) {
      ThreadContext.give(context);
    }
  }

  private static CallContext with(
      CallContext context,
      Map<Object, Object> attributes,
      String name,
      BiFunction<CallContext, String, CallContext> with) {
    Object value = attributes.get(name);
    return value == null || value.toString().isBlank()
        ? context
        : with.apply(context, value.toString());
  }

  @Override
  public void onResponse(ChatModelResponseContext response) {
    // A stream's end comes on a thread that was given nothing.
    ThreadContext.takeBack();
  }

  @Override
  public void onError(ChatModelErrorContext error) {
    ThreadContext.takeBack();
  }
}
