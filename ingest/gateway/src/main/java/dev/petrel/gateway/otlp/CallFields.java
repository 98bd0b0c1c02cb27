// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.gateway.intake.Texts;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one recorded call, wherever its dialect puts them: in its own attributes, in those
 * of who recorded it, or in the rule that knew it. Not thread-safe.
 */
final class CallFields {

  private static final String UNSET_SERVICE = "unknown_service";

  private final Recorded recorded;
  private final SpanRule rule;
  private final Dialects dialects;
  private final List<String> tenantAttributes;

  CallFields(Recorded recorded, SpanRule rule, Dialects dialects, List<String> tenantAttributes) {
    this.recorded = recorded;
    this.rule = rule;
    this.dialects = dialects;
    this.tenantAttributes = tenantAttributes;
  }

  /** The field's text; null when there is none but placeholders. */
  @Nullable String text(String field) {
    for (Dialects.Alias alias : dialects.aliases(field, rule.dialect())) {
      String text = text(alias.name(), true);
      if (text != null) {
        return text;
      }
    }
    return rule.set().get(field);
  }

  private @Nullable String text(String name, boolean alsoOfResource) {
    String text = recorded.attributes().text(name);
    if (text == null && alsoOfResource) {
      text = recorded.resource().text(name);
    }
    return text == null || dialects.isPlaceholder(text) ? null : text;
  }

  /** The field's number in the event's unit, not negative; null when there is none. */
  @Nullable BigDecimal number(String field) {
    for (Dialects.Alias alias : dialects.aliases(field, rule.dialect())) {
      BigDecimal number = recorded.attributes().number(alias.name());
      if (number != null && number.signum() >= 0) {
        return number.multiply(alias.times());
      }
    }
    return null;
  }

  /** The field as a count; null when there is none. */
  @Nullable Long count(String field) {
    BigDecimal number = number(field);
    try {
      return number == null ? null : number.longValueExact();
    } catch (ArithmeticException e) {
      return null; // a fraction of a token
    }
  }

  @Nullable Boolean flag(String field) {
    for (Dialects.Alias alias : dialects.aliases(field, rule.dialect())) {
      Boolean flag = recorded.attributes().flag(alias.name());
      if (flag != null) {
        return flag;
      }
    }
    return rule.set().containsKey(field) ? Boolean.valueOf(rule.set().get(field)) : null;
  }

  /** All texts of a field that may be a list. */
  List<String> texts(String field) {
    for (Dialects.Alias alias : dialects.aliases(field, rule.dialect())) {
      List<String> texts = recorded.attributes().texts(alias.name());
      if (!texts.isEmpty()) {
        return texts;
      }
    }
    return List.of();
  }

  /** The tenant: what the operator names goes first. */
  @Nullable String tenant() {
    for (String name : tenantAttributes) {
      String text = text(name, true);
      if (text != null) {
        return text;
      }
    }
    return text("tenant");
  }

  /** The provider by the event's name; what the model's name begins with when nothing else says. */
  @Nullable String provider() {
    String name = text("provider");
    if (name != null) {
      return dialects.provider(name);
    }
    String model = text("request_model");
    return model == null ? null : dialects.providerOfModel(model);
  }

  @Nullable String operation() {
    String name = text("operation");
    return name == null ? null : dialects.operation(name);
  }

  /** The service's name, unless it is the SDK's stand-in for none. */
  @Nullable String service() {
    String name = text("service");
    return name == null || name.startsWith(UNSET_SERVICE) ? null : name;
  }

  /** The host that was called; some write its URL. */
  @Nullable String serverAddress() {
    String address = text("server_address");
    if (address == null || !address.contains("://")) {
      return address;
    }
    try {
      return URI.create(address.strip()).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What recorded the call, and its version. */
  @Nullable String sdk() {
    if (recorded.scope().isEmpty()) {
      return null;
    }
    return recorded.scopeVersion().isEmpty()
        ? recorded.scope()
        : recorded.scope() + "/" + recorded.scopeVersion();
  }

  /** Puts the extras that are asked for, and there, into the event. */
  void putExtras(LlmCallEvent.Builder event, List<String> names) {
    Map<String, String> extras = new TreeMap<>();
    for (String name : names) {
      String text = text(name, true);
      if (text != null && extras.size() < Texts.MAX_ATTRIBUTES) {
        extras.put(Texts.cut(name), Texts.cut(text));
      }
    }
    if (!extras.isEmpty()) {
      event.set(EventField.ATTRIBUTES, extras);
    }
  }
}
