// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.alert;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One episode of one rule for one set of labels, as it stands: a record of {@code llm-alerts} and,
 * with the notifications added, a document of {@code llm-alerts-*}. All times are in ms since the
 * epoch.
 *
 * @param alertId the episode's id, the same in all its versions
 * @param rule the rule's id
 * @param pattern the kind of failure
 * @param status whether it goes on
 * @param severity how urgent; only ever rises during an episode
 * @param labels what the alert is about; fixed when it fires, also when the cause widens later
 * @param annotations more about it that the rule's author wrote, such as a team or a dashboard;
 *     they identify nothing
 * @param startsAt when the condition became true
 * @param firedAt when it had held long enough
 * @param endsAt when the condition became false for good; null while firing
 * @param updatedAt when this version was made
 * @param revision 1 when it fires; grows with each change worth telling: wider, or more severe
 * @param summary one sentence for the engineer on call
 * @param facts what messages show, in order: a name such as {@code Failed calls}, and a text such
 *     as {@code 62 % (normally 1.1 %)}. Plain text, not escaped, of any length: names of tenants
 *     and errors can be hostile
 * @param evidence the numbers behind it, by name, as of the last moment it was failing
 * @param runbookUrl what to do about it
 */
public record Alert(
    String alertId,
    String rule,
    String pattern,
    Status status,
    Severity severity,
    Map<String, String> labels,
    Map<String, String> annotations,
    long startsAt,
    long firedAt,
    @Nullable Long endsAt,
    long updatedAt,
    int revision,
    String summary,
    Map<String, String> facts,
    Map<String, Object> evidence,
    String runbookUrl) {

  public Alert {
    requireNonNull(alertId, "alert_id");
    requireNonNull(status, "status");
    requireNonNull(severity, "severity");
    requireNonNull(summary, "summary");
    labels = copyOf(labels);
    annotations = copyOf(annotations);
    facts = copyOf(facts);
    evidence = copyOf(evidence);
  }

  private static <V> Map<String, V> copyOf(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** The id of an episode: a hash of what is fixed about it. */
  public static String id(String rule, Map<String, String> labels, long startsAt) {
    String text = rule + '|' + new TreeMap<>(labels) + '|' + startsAt;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** This episode with newer numbers. */
  public Alert refreshed(
      Severity newSeverity,
      String newSummary,
      Map<String, String> newFacts,
      Map<String, Object> newEvidence,
      boolean worthTelling,
      long now) {
    return new Alert(
        alertId,
        rule,
        pattern,
        status,
        newSeverity,
        labels,
        annotations,
        startsAt,
        firedAt,
        endsAt,
        now,
        worthTelling ? revision + 1 : revision,
        newSummary,
        newFacts,
        newEvidence,
        runbookUrl);
  }

  /**
   * This episode, over.
   *
   * @param because what ended it, kept as evidence {@code ended_because}
   */
  public Alert resolved(long at, String because, long now) {
    Map<String, Object> more = new LinkedHashMap<>(evidence);
    more.put("ended_because", because);
    return new Alert(
        alertId,
        rule,
        pattern,
        Status.RESOLVED,
        severity,
        labels,
        annotations,
        startsAt,
        firedAt,
        Math.max(at, firedAt),
        now,
        revision,
        summary,
        facts,
        more,
        runbookUrl);
  }
}
