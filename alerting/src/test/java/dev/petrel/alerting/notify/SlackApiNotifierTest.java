// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlackApiNotifierTest extends NotifierContract {

  private static final Links LINKS = new Links(URI.create("http://127.0.0.1:8080"));
  private static final String POST = "chat.postMessage";
  private static final String UPDATE = "chat.update";
  private static final String HISTORY = "conversations.history";

  private final FakeSlack slack = new FakeSlack();
  private final Alert firing = Alerts.firing("a1");
  private final Alert over = Alerts.over(firing);

  @Override
  Notifier notifier(URI endpoint, HttpSender sender) {
    return new SlackApiNotifier(
        "slack",
        new SlackApiConfig(endpoint, FakeSlack.TOKEN, FakeSlack.CHANNEL, true),
        LINKS,
        sender);
  }

  @Override
  String accepted() {
    return "{\"ok\":true,\"channel\":\"C0123ABCD\",\"ts\":\"1700000001.000100\"}";
  }

  @Override
  String secret() {
    return FakeSlack.TOKEN;
  }

  @Override
  String path() {
    return "/api/";
  }

  @Override
  void assertValid(JsonNode message) {
    SlackRules.assertValid(message);
    assertThat(message.path("channel").asText()).isEqualTo(FakeSlack.CHANNEL);
    boolean reply = message.has("thread_ts");
    assertThat(message.has("blocks")).isNotEqualTo(reply);
    if (!reply) {
      JsonNode metadata = message.path("metadata");
      assertThat(metadata.path("event_type").asText()).isEqualTo("petrel_incident");
      assertThat(metadata.path("event_payload").path("incident_id").asText()).isNotEmpty();
    }
  }

  @Override
  void assertMatches(JsonNode trigger, JsonNode resolve) {
    assertThat(resolve.path("ts").asText()).isEqualTo("1700000001.000100");
    assertThat(resolve.path("metadata")).isEqualTo(trigger.path("metadata"));
  }

  private NotifyResult tell(Notice notice) {
    server.answerRequests(slack);
    return send(notice);
  }

  private Map<String, String> told(Notice notice) {
    NotifyResult result = tell(notice);
    assertThat(result).isInstanceOf(NotifyResult.Sent.class);
    return ((NotifyResult.Sent) result).remember();
  }

  private static String header(JsonNode message) {
    return message.path("blocks").path(0).path("text").path("text").asText();
  }

  private List<String> timeline(Map<String, String> place) {
    return slack.thread(place.get("ts")).stream()
        .map(entry -> entry.path("text").asText().lines().findFirst().orElseThrow())
        .toList();
  }

  @Test
  void send_keepsOneMessageAndTellsItsTimelineInTheThread() {
    Map<String, String> place = told(Notice.about(Action.TRIGGER, firing));
    Map<String, String> after = told(Notices.of(Action.UPDATE, place, Alerts.worse(firing)));
    told(Notices.of(Action.RESOLVE, after, over));

    assertThat(after).isEqualTo(place).containsOnlyKeys("channel", "ts");
    assertThat(slack.messages()).hasSize(1);
    assertThat(header(slack.messages().get(0)))
        .isEqualTo("✅ Resolved: tenant acme on openai gpt-4o: calls are failing");
    assertThat(timeline(place))
        .containsExactly(
            "🔴 Began, critical: 34% of calls to openai fail.",
            "🔴 Now critical: worse", "✅ It is over: the calls work again. It lasted 4 min 30 s.");
    assertThat(slack.thread(place.get("ts")))
        .extracting(entry -> entry.path("reply_broadcast").asBoolean())
        .containsExactly(false, false, true);
    assertThat(slack.calls()).containsExactly(POST, POST, UPDATE, POST, UPDATE, POST);
  }

  @Test
  void send_updatesWithoutMakingLinksOfPlainText() {
    Map<String, String> place = told(Notice.about(Action.TRIGGER, firing));
    told(Notices.of(Action.UPDATE, place, firing));

    JsonNode message = slack.messages().get(0);
    assertThat(message.path("parse").asText()).isEqualTo("none");
    assertThat(message.path("link_names").asBoolean(true)).isFalse();
  }

  @Test
  void send_findsTheMessageWhoseAnswerWasLost() {
    slack.loseAnswers(true);
    NotifyResult lost = tell(Notice.about(Action.TRIGGER, firing));
    slack.loseAnswers(false);
    Map<String, String> place = told(Notices.again(Action.TRIGGER, firing));

    assertThat(lost).isInstanceOf(NotifyResult.Retryable.class);
    assertThat(slack.messages()).hasSize(1);
    assertThat(timeline(place)).hasSize(1);
  }

  @Test
  void send_doesNotRepeatTheFirstEntryOfAMessageFoundAgain() {
    Map<String, String> place = told(Notice.about(Action.TRIGGER, firing));

    assertThat(told(Notices.again(Action.TRIGGER, firing))).isEqualTo(place);
    assertThat(slack.messages()).hasSize(1);
    assertThat(timeline(place)).hasSize(1);
  }

  @Test
  void send_findsTheMessageBehindOthersPageByPage() {
    slack.pageSize(3);
    Map<String, String> place = told(Notice.about(Action.TRIGGER, firing));
    for (int i = 0; i < 8; i++) {
      told(Notice.about(Action.TRIGGER, Alerts.firing("other-" + i)));
    }

    assertThat(told(Notices.again(Action.TRIGGER, firing))).isEqualTo(place);
    assertThat(slack.messages()).hasSize(9);
    assertThat(slack.calls()).filteredOn(HISTORY::equals).hasSize(3);
  }

  @Test
  void send_searchesFromShortlyBeforeTheBeginning() {
    tell(Notices.again(Action.TRIGGER, firing));

    assertThat(server.requests().get(0).method()).isEqualTo("GET");
    assertThat(server.requests().get(0).uri().getQuery())
        .contains("channel=C0123ABCD", "oldest=1699999700", "include_all_metadata=true");
  }

  @Test
  void send_postsWhenTheSearchFindsNothing() {
    told(Notice.about(Action.TRIGGER, Alerts.firing("another")));
    told(Notices.again(Action.TRIGGER, firing));

    assertThat(slack.messages()).hasSize(2);
  }

  /** The beginning may have been posted, as its outcome never became known. */
  @Test
  void send_searchesBeforeItPostsAnEndWithoutAPlace() {
    slack.loseAnswers(true);
    tell(Notice.about(Action.TRIGGER, firing));
    slack.loseAnswers(false);
    told(Notice.about(Action.RESOLVE, over));

    assertThat(slack.messages()).hasSize(1);
    assertThat(header(slack.messages().get(0))).startsWith("✅ Resolved");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing_scope", "not_in_channel", "internal_error"})
  void send_postsWhenTheSearchIsRefused(String error) {
    slack.refuseNext(HISTORY, error);
    told(Notices.again(Action.TRIGGER, firing));

    assertThat(slack.messages()).hasSize(1);
  }

  @Test
  void send_waitsWhenTheSearchIsRateLimited() {
    slack.failNext(HISTORY, new LocalReceiver.Answer(429, Map.of("Retry-After", "60"), "", 0));

    assertThat(tell(Notices.again(Action.TRIGGER, firing)))
        .isEqualTo(new NotifyResult.Retryable("HTTP 429", Duration.ofSeconds(60)));
    assertThat(slack.messages()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ratelimited",
        "rate_limited",
        "service_unavailable",
        "internal_error",
        "fatal_error",
        "request_timeout"
      })
  void send_isRetryableAfterTransientErrors(String error) {
    slack.failNext(
        POST,
        new LocalReceiver.Answer(
            200, Map.of("Retry-After", "7"), "{\"ok\":false,\"error\":\"" + error + "\"}", 0));

    assertThat(tell(Notice.about(Action.TRIGGER, firing)))
        .isEqualTo(new NotifyResult.Retryable("Slack: " + error, Duration.ofSeconds(7)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "too_many_attachments",
        "metadata_too_large"
      })
  void send_fallsBackToPlainTextWhenTheLayoutIsRefused(String error) {
    slack.refuseNext(POST, error);
    Map<String, String> place = told(Notice.about(Action.TRIGGER, firing));

    JsonNode message = slack.messages().get(0);
    assertThat(message.has("blocks")).isFalse();
    assertThat(message.has("metadata")).isNotEqualTo(error.equals("metadata_too_large"));
    assertThat(message.path("text").asText())
        .contains("34% of calls to openai fail.", "|Incident page>", "|Runbook>");

    slack.refuseNext(UPDATE, error);
    told(Notices.of(Action.RESOLVE, place, over));

    assertThat(slack.messages()).hasSize(1);
    assertThat(slack.messages().get(0).path("text").asText()).startsWith("✅ Resolved");
  }

  @Test
  void send_isPermanentWhenPlainTextIsRefusedToo() {
    slack.refuseNext(POST, "invalid_blocks");
    slack.refuseNext(POST, "msg_too_long");

    assertThat(tell(Notice.about(Action.TRIGGER, firing)))
        .isEqualTo(new NotifyResult.Permanent("Slack: msg_too_long"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "block_mismatch"
      })
  void send_postsAnewWhenTheMessageCannotBeChanged(String error) {
    Map<String, String> place = told(Notice.about(Action.TRIGGER, firing));
    slack.refuseNext(UPDATE, error);

    Map<String, String> moved = told(Notices.of(Action.RESOLVE, place, over));

    assertThat(moved.get("ts")).isNotEqualTo(place.get("ts"));
    assertThat(slack.messages()).hasSize(2);
    assertThat(timeline(moved)).hasSize(1);
  }

  @Test
  void send_postsAnewWhenSomebodyHasDeletedTheMessage() {
    Map<String, String> place = told(Notice.about(Action.TRIGGER, firing));
    slack.delete(place.get("ts"));

    told(Notices.of(Action.RESOLVE, place, over));

    assertThat(slack.messages()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "token_revoked",
        "token_expired",
        "invalid_auth",
        "account_inactive",
        "missing_scope",
        "restricted_action",
        "restricted_action_read_only_channel",
        "message_limit_exceeded",
        "an_error_of_next_year"
      })
  void send_isPermanentAfterAllOtherErrors(String error) {
    slack.refuseNext(POST, error);

    assertThat(tell(Notice.about(Action.TRIGGER, firing)))
        .isEqualTo(new NotifyResult.Permanent("Slack: " + error));
  }

  @Test
  void send_remembersTheMessageWhenOnlyItsThreadFails() {
    server.answerRequests(
        request ->
            request.body().contains("thread_ts")
                ? new LocalReceiver.Answer(429, Map.of("Retry-After", "1"), "", 0)
                : slack.apply(request));
    NotifyResult half = send(Notice.about(Action.TRIGGER, firing));
    Map<String, String> place = ((NotifyResult.Retryable) half).remember();
    told(new Notice(Action.TRIGGER, "a1", List.of(firing), "trigger", place, true));

    assertThat(place).containsOnlyKeys("channel", "ts");
    assertThat(slack.messages()).hasSize(1);
    assertThat(timeline(place)).hasSize(1);
    assertThat(slack.calls()).doesNotContain(HISTORY);
  }

  @Test
  void send_isSentWhenTheThreadIsLocked() {
    server.answerRequests(
        request ->
            request.body().contains("thread_ts")
                ? FakeSlack.ok("{\"ok\":false,\"error\":\"restricted_action_thread_locked\"}")
                : slack.apply(request));

    assertThat(send(Notice.about(Action.TRIGGER, firing))).isInstanceOf(NotifyResult.Sent.class);
  }

  @Test
  void limit_countsTheMessageAndItsEntry() {
    assertThat(notifier().limit()).contains(new RateLimit(1, Duration.ofSeconds(2)));
    assertThat(notifier().updates()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"#alerts", "alerts", "", "C0123&limit=1", "U0123ABCD"})
  void new_refusesWhatIsNoChannelId(String channel) {
    assertThatThrownBy(
            () -> new SlackApiConfig(SlackApiConfig.SLACK, FakeSlack.TOKEN, channel, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("channel: is '" + channel + "', must be a channel's ID")
        .hasMessageNotContaining(FakeSlack.TOKEN);
  }

  @Test
  void config_showsNoToken() {
    assertThat(new SlackApiConfig(SlackApiConfig.SLACK, FakeSlack.TOKEN, "C0123", true).toString())
        .doesNotContain(FakeSlack.TOKEN);
  }
}
