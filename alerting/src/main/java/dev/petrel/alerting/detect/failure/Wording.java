// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.detect.Words;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.event.ErrorType;
import dev.petrel.event.ErrorType.Fault;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words in which an alert tells the engineer on call what is wrong. */
final class Wording {

  private Wording() {}

  /** One sentence: how bad, whom it hits, against normal, whose side it is on, what to do. */
  static String summary(
      Group group, Coverage coverage, FailureEvidence evidence, boolean victimsAreKnown) {
    StringBuilder text = new StringBuilder(200);
    text.append(Words.percent(evidence.recentRatio()))
        .append(" of ")
        .append(subject(group, coverage, evidence));
    if (group.environment() != null) {
      text.append(" in ").append(group.environment());
    }
    text.append(
        String.format(
            Locale.ROOT,
            " fail (%,d of %,d in the last %s",
            evidence.recentBad(),
            evidence.recentAttempts(),
            span(evidence.recentMs())));
    if (evidence.normalRatio() != null) {
      text.append(", normally ").append(Words.percent(evidence.normalRatio()));
    }
    text.append(')');
    if (!evidence.errors().isEmpty()) {
      text.append(", mostly ").append(mostly(evidence.errors()));
    }
    text.append(", ").append(side(Fault.valueOf(evidence.fault().toUpperCase(Locale.ROOT))));
    if (!victimsAreKnown) {
      text.append(hit(coverage, evidence));
    }
    return text.append("; ").append(hint(evidence.errors())).append('.').toString();
  }

  /** What messages show beside the summary. */
  static Map<String, String> facts(FailureEvidence evidence) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "Failed calls",
        Words.percent(evidence.recentRatio())
            + (evidence.normalRatio() == null
                ? ""
                : " (normally " + Words.percent(evidence.normalRatio()) + ")"));
    putNames(facts, "Error types", List.copyOf(evidence.errors().keySet()), 0);
    putNames(facts, "Models", evidence.affectedModels(), evidence.affectedModelsCount());
    putNames(facts, "Tenants", evidence.affectedTenants(), evidence.affectedTenantsCount());
    putNames(facts, "Request ids", evidence.requestIds(), 0);
    return facts;
  }

  private static void putNames(
      Map<String, String> facts, String fact, List<String> names, int count) {
    if (!names.isEmpty()) {
      int more = Math.max(count, names.size()) - firstOf(names).size();
      facts.put(
          fact, String.join(", ", firstOf(names)) + (more > 0 ? " and " + more + " more" : ""));
    }
  }

  private static String subject(Group group, Coverage coverage, FailureEvidence evidence) {
    String provider = group.provider() == null ? "" : group.provider() + " ";
    return switch (coverage.level()) {
      case PROVIDER -> "calls to " + provider.strip();
      case MODEL -> "calls to " + provider + coverage.model();
      case TENANT ->
          "calls of tenant "
              + coverage.tenant()
              + " to "
              + provider
              + String.join(" and ", firstOf(evidence.affectedModels()));
    };
  }

  private static String hit(Coverage coverage, FailureEvidence evidence) {
    String models = several(evidence.affectedModelsCount(), "model");
    String tenants = several(evidence.affectedTenantsCount(), "tenant");
    boolean anyTenant = evidence.affectedTenantsCount() > 0;
    return switch (coverage.level()) {
      case PROVIDER -> ", hitting " + models + (anyTenant ? " and " + tenants : "");
      case MODEL -> anyTenant ? ", hitting " + tenants : "";
      case TENANT -> ", hitting no other tenant";
    };
  }

  private static List<String> firstOf(List<String> names) {
    return names.size() <= 3 ? names : names.subList(0, 3);
  }

  private static String span(long ms) {
    return ms < 100_000 ? Math.max(1, ms / 1000) + " s" : Math.round(ms / 60_000.0) + " min";
  }

  private static String several(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static String mostly(Map<String, Long> errors) {
    List<Map.Entry<String, Long>> types =
        errors.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, Long>>comparingLong(entry -> -entry.getValue())
                    .thenComparing(Map.Entry::getKey))
            .toList();
    Map.Entry<String, Long> first = types.get(0);
    // A second type is worth a word only when it is a good part of the failures.
    boolean two = types.size() > 1 && types.get(1).getValue() * 3 >= first.getValue();
    return two ? first.getKey() + " and " + types.get(1).getKey() : first.getKey();
  }

  /** The side that most of the failures have to be mended on. */
  static Fault faultOf(Map<String, Long> errors) {
    Map<Fault, Long> byFault = new EnumMap<>(Fault.class);
    errors.forEach(
        (name, count) -> {
          ErrorType type = typeOf(name);
          byFault.merge(type == null ? Fault.UNKNOWN : type.fault(), count, Long::sum);
        });
    return byFault.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Fault.UNKNOWN);
  }

  private static @Nullable ErrorType typeOf(String wireName) {
    for (ErrorType type : ErrorType.values()) {
      if (type.wireName().equals(wireName)) {
        return type;
      }
    }
    return null;
  }

  private static String side(Fault fault) {
    return switch (fault) {
      case US -> "on our side";
      case PROVIDER -> "on the provider's side";
      case CALLER -> "caused by callers";
      case CONTENT -> "caused by content";
      case MIXED -> "on either side or the network between";
      case UNKNOWN -> "for a reason that is not known";
    };
  }

  private static String hint(Map<String, Long> errors) {
    ErrorType top =
        errors.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(entry -> typeOf(entry.getKey()))
            .orElse(null);
    if (top == null) {
      return "look at the messages of the failed calls";
    }
    return switch (top) {
      case RATE_LIMIT -> "slow down or ask the provider for a higher limit";
      case QUOTA_EXHAUSTED -> "add credit or raise the spend limit; retries will not help";
      case OVERLOADED, SERVER_ERROR, PROVIDER_TIMEOUT ->
          "check the provider's status page and fail over to another model or provider";
      case CLIENT_TIMEOUT, STREAM_INTERRUPTED ->
          "compare with the provider's latency, then check the client's timeouts";
      case NETWORK -> "check egress, DNS and proxies, then the provider's status page";
      case TLS -> "check certificates and proxies";
      case AUTHENTICATION -> "check the API key: missing, wrong or expired";
      case PERMISSION -> "check what the API key is allowed to do";
      case NOT_FOUND -> "check the model or deployment name";
      case CONTEXT_LENGTH_EXCEEDED -> "check what has made prompts longer";
      case INVALID_REQUEST -> "check what was deployed last: requests are rejected as invalid";
      case CANCELLED, CONTENT_FILTER, UNKNOWN -> "look at the messages of the failed calls";
    };
  }
}
