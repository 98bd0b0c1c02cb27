// SPDX-License-Identifier: Apache-2.0
package dev.petrel.openai;

import com.openai.core.ClientOptions;
import com.openai.core.http.AsyncStreamResponse;
import dev.petrel.http.CallScope;
import dev.petrel.http.HttpCallObserver;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous client of the SDK, or one of its services, whose requests carry the context of
 * the thread that makes the call. The SDK sends from the common pool, where nothing of that thread
 * is left; the last code of ours that runs on the caller's thread is the service's own method.
 *
 * <p>All services are interfaces, and each has {@code withOptions}, which is how the header gets
 * into the request without the proxy knowing any of the parameters' types. Thread-safe.
 */
final class CarryingService implements InvocationHandler {

  private final Class<?> type;
  private final Object service;
  private final HttpCallObserver observer;

  private CarryingService(Class<?> type, Object service, HttpCallObserver observer) {
    this.type = type;
    this.service = service;
    this.observer = observer;
  }

  /** The client or service, carrying contexts. */
  static <T> T of(Class<T> type, T service, HttpCallObserver observer) {
    return type.cast(proxy(type, service, observer));
  }

  private static Object proxy(Class<?> type, Object service, HttpCallObserver observer) {
    return Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, new CarryingService(type, service, observer));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
      throws Throwable {
    Class<?> returned = method.getReturnType();
    try {
      if (isCall(returned) && isService(type)) {
        return method.invoke(carrying(), args);
      }
      Object result = method.invoke(service, args);
      return result != null && isService(returned) ? proxy(returned, result, observer) : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean isCall(Class<?> returned) {
    return returned == CompletableFuture.class || returned == AsyncStreamResponse.class;
  }

  private static boolean isService(Class<?> type) {
    if (type.isInterface()) {
      try {
        return type.getMethod("withOptions", Consumer.class) != null;
      } catch (NoSuchMethodException e) {
        return false;
      }
    }
    return false;
  }

  /** The service, whose requests have the header; as it is when that cannot be. */
  private Object carrying() {
    String context = observer.carry(CallScope.current());
    Consumer<ClientOptions.Builder> options =
        builder -> builder.replaceHeaders(HttpCallObserver.CONTEXT_HEADER, context);
    try {
      return type.getMethod("withOptions", Consumer.class).invoke(service, options);
    } catch (ReflectiveOperationException e) {
      return service; // A call without tenant is better than none.
    }
  }
}
