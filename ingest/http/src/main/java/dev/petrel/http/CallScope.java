// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import org.jspecify.annotations.Nullable;

/**
 * The time in which a thread's calls have a {@link CallContext}. Close it on the thread that opened
 * it; what was before is then the context again.
 *
 * <p>A call takes the context of the thread that starts it. For work that another thread starts,
 * open a scope there.
 */
public final class CallScope implements AutoCloseable {

  private static final ThreadLocal<@Nullable CallScope> CURRENT = new ThreadLocal<>();

  private final CallContext context;
  private final @Nullable CallScope outer;

  private CallScope(CallContext context, @Nullable CallScope outer) {
    this.context = context;
    this.outer = outer;
  }

  static CallScope open(CallContext context) {
    CallScope scope = new CallScope(context, CURRENT.get());
    CURRENT.set(scope);
    return scope;
  }

  /** The context of the calling thread, {@link CallContext#NONE} when it has none. */
  public static CallContext current() {
    CallScope scope = CURRENT.get();
    return scope == null ? CallContext.NONE : scope.context;
  }

  @Override
  public void close() {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
