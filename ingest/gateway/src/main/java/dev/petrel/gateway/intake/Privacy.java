// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.redaction.KeyedHash;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is taken out of each event, whoever sent it: raw user ids, and attributes that are not asked
 * for. The event's other fields have no room for content. Immutable and thread-safe.
 */
public final class Privacy {

  /** What {@link KeyedHash#user} makes, in the application already. */
  private static final Pattern HASHED = Pattern.compile("[0-9a-f]{16}");

  private final @Nullable KeyedHash hash;
  private final Set<String> attributes;

  /**
   * @param hash of raw user ids; null drops them
   * @param attributes names of the attributes that are kept
   */
  public Privacy(@Nullable KeyedHash hash, List<String> attributes) {
    this.hash = hash;
    this.attributes = Set.copyOf(attributes);
  }

  /** The event without what is not to be kept; the same instance when there is nothing of it. */
  LlmCallEvent apply(LlmCallEvent event) {
    String user = event.get(EventField.USER);
    Map<String, String> extras = event.get(EventField.ATTRIBUTES);
    boolean hasRawUser = user != null && !HASHED.matcher(user).matches();
    boolean hasUnwanted = extras != null && !attributes.containsAll(extras.keySet());
    if (!hasRawUser && !hasUnwanted) {
      return event;
    }
    LlmCallEvent.Builder builder = event.toBuilder();
    if (user != null && hasRawUser) {
      builder.set(EventField.USER, hash == null ? null : hash.user(user));
    }
    if (extras != null && hasUnwanted) {
      Map<String, String> kept = new LinkedHashMap<>(extras);
      kept.keySet().retainAll(attributes);
      builder.set(EventField.ATTRIBUTES, kept.isEmpty() ? null : kept);
    }
    return builder.build();
  }
}
