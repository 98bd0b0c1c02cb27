// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SlackMessageTest {

  private final SlackMessage messages =
      new SlackMessage(new Links(URI.create("http://127.0.0.1:8080")));

  private static String section(JsonNode message) {
    return message.path("blocks").path(1).path("text").path("text").asText();
  }

  @Test
  void message_hasSummaryFactsRequestIdsAndLinks() {
    JsonNode message = messages.message(Notice.about(Action.TRIGGER, Alerts.firing("a1")));

    assertThat(message.toString())
        .contains("🔴 tenant acme on openai gpt-4o: calls are failing")
        .contains("34% of calls to openai fail.")
        .contains(
            "*Since*\\n<!date^1700000000^{date_short_pretty} {time_secs}|2023-11-14T22:13:20Z>")
        .contains("*Failed calls*\\n34% (normally 1.1%)")
        .contains("*Hurt*\\nacme on gpt-4o")
        .contains("*Error types*\\noverloaded 500")
        .contains("Sample request ids: req_1, req_2")
        .contains("<http://127.0.0.1:8080/incidents/a1|Incident page>")
        .contains("<https://runbooks.example/provider_incident.md|Runbook>")
        .contains("prod · critical · provider_incident · a1");
  }

  @Test
  void message_saysThatItIsOverAndHowLongItLasted() {
    JsonNode message =
        messages.message(Notice.about(Action.RESOLVE, Alerts.over(Alerts.firing("a1"))));

    assertThat(section(message))
        .isEqualTo("It is over: the calls work again. It lasted 4 min 30 s.");
    assertThat(message.toString()).contains("*Began*", "*Ended*", "✅ Resolved: ");
  }

  @ParameterizedTest
  @CsvSource({
    "part_of b2, It has become part of incident b2",
    "no_traffic, there are no such calls any more",
    "rule_removed, its rule was removed",
    "stale_data, It is over: stale data."
  })
  void message_saysWhatEndedIt(String because, String words) {
    Alert over = Alerts.firing("a1").resolved(0, because, 0);

    assertThat(section(messages.message(Notice.about(Action.RESOLVE, over)))).contains(words);
  }

  @Test
  void message_listsTheFirstOfManyAlertsAndCountsTheRest() {
    JsonNode message = messages.message(Notices.group(Action.TRIGGER, 200));

    SlackRules.assertValid(message);
    assertThat(message.path("blocks").path(0).path("text").path("text").asText())
        .isEqualTo("🔴 openai gpt-4o: 200 alerts, first calls are failing");
    assertThat(section(message))
        .startsWith("200 of 200 alerts go on: calls are failing 200.")
        .contains("Tenants: tenant-0, tenant-1, tenant-10, tenant-100, tenant-101 and 195 more.");
    assertThat(message.toString())
        .contains("*tenant tenant-7 on openai gpt-4o: calls are failing*", "incidents/a7|Page>")
        .doesNotContain("incidents/a8|")
        .contains("and 192 more");
  }

  @Test
  void message_ofAGroupSaysThatAllAreOver() {
    JsonNode message = messages.message(Notices.group(Action.RESOLVE, 3));

    assertThat(section(message)).startsWith("All 3 alerts are over, after 4 min 30 s: ");
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void timelineEntry_saysWhatHappenedAndWhyItIsTold(Action action) {
    Alert alert = Alerts.firing("a1");
    JsonNode entry =
        messages.timelineEntry(
            Notice.about(action, action == Action.RESOLVE ? Alerts.over(alert) : alert));

    assertThat(entry.path("text").asText())
        .startsWith(
            switch (action) {
              case TRIGGER -> "🔴 Began, critical: 34% of calls";
              case UPDATE -> "🔴 Now critical: 34% of calls";
              case RESOLVE -> "✅ It is over: the calls work again. It lasted";
            })
        .endsWith("\nTold because: " + action.wireName());
  }

  /** Every form of every notice, not only what a receiver happens to be sent. */
  @Test
  void allForms_keepTheRulesForRandomNotices() {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    HostileNotices notices = new HostileNotices(seed);
    for (int i = 0; i < 200; i++) {
      Notice notice = notices.next();
      try {
        SlackRules.assertValid(messages.message(notice));
        SlackRules.assertValid(messages.plain(notice));
        SlackRules.assertValid(messages.timelineEntry(notice));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", notice " + i, e);
      }
    }
  }
}
