// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A look at some traffic, without any other trouble. */
public final class FakeEvaluation implements Evaluation {

  private final Traffic traffic;
  private final long now;
  public final List<Alert> published = new ArrayList<>();

  public FakeEvaluation(Traffic traffic, long now) {
    this.traffic = traffic;
    this.now = now;
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public void publish(Alert alert) {
    published.add(alert);
  }

  @Override
  public void put(String key, byte[] state) {}

  @Override
  public List<Known> knownAbout(Set<Pattern> patterns, Map<String, String> labels) {
    return List.of();
  }

  @Override
  public List<Known> endedAbout(Set<Pattern> patterns, Map<String, String> labels, long withinMs) {
    return List.of();
  }

  @Override
  public String runbookUrl(Rule rule) {
    return "https://runbooks.example/" + rule.pattern().wireName() + ".md";
  }
}
