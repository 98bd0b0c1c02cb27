// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is remembered of spans until their parents come: children end first, and can come in an
 * earlier request. Which spans have a call within, so that of nested ones the innermost alone
 * counts; and the HTTP requests beneath a call.
 *
 * <p>Holds the latest fifty thousand of each, some 20 MB. What is forgotten, or went to another
 * instance, is missed: then an outer span counts too, or a call's retries are not seen. Nothing in
 * it is needed to store a call. Thread-safe.
 */
final class SpanFamilies {

  private static final int REMEMBERED = 50_000;
  private static final int MAX_ATTEMPTS = 32;

  private final Map<String, Boolean> withCallInside = bounded();
  private final Map<String, Map<String, HttpAttempt>> attempts = bounded();

  private static <V> Map<String, V> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  /** Remembers that a span has a call within. */
  synchronized void markCallInside(String key) {
    withCallInside.put(key, Boolean.TRUE);
  }

  /** Whether a span is known to have a call within. */
  synchronized boolean hasCallInside(String key) {
    return withCallInside.containsKey(key);
  }

  /** Remembers a request beneath a span; a repeat replaces it. */
  synchronized void add(String parentKey, HttpAttempt attempt) {
    Map<String, HttpAttempt> ofParent =
        attempts.computeIfAbsent(parentKey, key -> new LinkedHashMap<>());
    if (ofParent.size() < MAX_ATTEMPTS) {
      ofParent.put(attempt.key(), attempt);
    }
  }

  /** The requests beneath a span, in the order of their starts. */
  synchronized List<HttpAttempt> attempts(String key) {
    List<HttpAttempt> known = new ArrayList<>(attempts.getOrDefault(key, Map.of()).values());
    known.sort(Comparator.comparingLong(HttpAttempt::startNanos));
    return known;
  }
}
