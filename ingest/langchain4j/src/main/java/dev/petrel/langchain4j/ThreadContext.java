// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import dev.petrel.http.CallContext;
import dev.petrel.http.CallScope;
import org.jspecify.annotations.Nullable;

/**
 * The context that {@link CallContextListener} gave to a thread, until it is taken back: by the
 * call's end, by the request for a stream, or at the latest by the next call's begin, as a stream
 * that fails before it is asked for tells no listener.
 *
 * <p>It is only taken back while it is the thread's current one: what others opened in the meantime
 * stays. One call within another thus ends the outer one's context early. That makes a tenant
 * unknown; the contrary could make it wrong.
 */
final class ThreadContext {

  private static final ThreadLocal<@Nullable ThreadContext> LAST = new ThreadLocal<>();

  private final CallContext context;
  private final CallScope scope;

  private ThreadContext(CallContext context) {
    this.context = context;
    this.scope = context.open();
  }

  /** Gives a context to the thread; the one given before is gone. */
  static void give(CallContext context) {
    LAST.set(new ThreadContext(context));
  }

  /** Takes back what the thread was given last, if anything. */
  @SuppressWarnings("ReferenceEquality") // An equal context that others opened is not this one.
  static void takeBack() {
    ThreadContext last = LAST.get();
    if (last != null) {
      LAST.remove();
      if (CallScope.current() == last.context) {
        last.scope.close();
      }
    }
  }
}
