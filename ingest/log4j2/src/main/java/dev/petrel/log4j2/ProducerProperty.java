// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import org.apache.logging.log4j.core.config.Node;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginFactory;
import org.jspecify.annotations.Nullable;

/**
 * A property of Kafka's producer, in an {@link LlmCallAppender}'s configuration. Not Log4j2's own
 * {@code Property}, which tells its value to the status logger: it may be a password.
 */
@Plugin(name = "ProducerProperty", category = Node.CATEGORY)
public final class ProducerProperty {
  private final String name;
  private final String value;

  private ProducerProperty(String name, String value) {
    this.name = name;
    this.value = value;
  }

  /**
   * A property.
   *
   * @throws IllegalArgumentException when the name or the value is missing
   */
  @PluginFactory
  public static ProducerProperty of(
      @PluginAttribute("name") @Nullable String name,
      @PluginAttribute(value = "value", sensitive = true) @Nullable String value) {
    if (name == null || value == null) {
      throw new IllegalArgumentException("producerProperty must have a name and a value");
    }
    return new ProducerProperty(name, value);
  }

  String name() {
    return name;
  }

  String value() {
    return value;
  }

  /** Names the property without its value. */
  @Override
  public String toString() {
    return "ProducerProperty{" + name + "}";
  }
}
