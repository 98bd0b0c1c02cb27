// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.notify.SlackAnswer.Done;
import dev.petrel.alerting.notify.SlackAnswer.Failed;
import dev.petrel.alerting.notify.SlackAnswer.Remedy;
import dev.petrel.alerting.notify.SlackApi.Found;
import dev.petrel.alerting.notify.SlackApi.Place;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one live message per incident in a Slack channel, with the timeline in its thread.
 *
 * <p>The message is posted once and then replaced in place. Where it is comes back as {@link
 * Notice#remembered()}. When that is lost, because a post may have arrived whose outcome is not
 * known, the message is looked for by its metadata before another one is posted; when the search
 * itself fails, a message too many is preferred to none. An entry of the thread can appear twice
 * after a time-out: bots cannot read threads. Thread-safe.
 */
public final class SlackApiNotifier implements Notifier {

  private static final Logger LOGGER = LoggerFactory.getLogger(SlackApiNotifier.class);
  private static final String CHANNEL = "channel";
  private static final String TS = "ts";

  // https://docs.slack.dev/apis/web-api/rate-limits: a message a second in a channel; a notice is
  // the message and an entry of its thread.
  private static final RateLimit LIMIT = new RateLimit(1, Duration.ofSeconds(2));

  private final String receiver;
  private final SlackApiConfig config;
  private final SlackMessage messages;
  private final SlackApi api;

  SlackApiNotifier(String receiver, SlackApiConfig config, Links links, HttpSender sender) {
    this.receiver = requireNonNull(receiver, "receiver");
    this.config = requireNonNull(config, "config");
    this.messages = new SlackMessage(links);
    this.api = new SlackApi(config, sender);
  }

  @Override
  public String receiver() {
    return receiver;
  }

  @Override
  public boolean updates() {
    return true;
  }

  @Override
  public Optional<RateLimit> limit() {
    return Optional.of(LIMIT);
  }

  @Override
  public CompletableFuture<NotifyResult> send(Notice notice) {
    String channel = notice.remembered().get(CHANNEL);
    String ts = notice.remembered().get(TS);
    if (channel != null && ts != null) {
      return update(notice, new Place(channel, ts, false));
    }
    // An update or end without a place: the beginning was attempted, with unknown outcome.
    if (notice.mayHaveBeenSent() || notice.action() != Action.TRIGGER) {
      return api.find(notice.incidentId(), notice.startsAt())
          .thenCompose(found -> afterSearch(notice, found));
    }
    return post(notice);
  }

  private CompletableFuture<NotifyResult> afterSearch(Notice notice, Found found) {
    if (found.place().isPresent()) {
      return update(notice, found.place().get());
    }
    if (found.failure().isPresent() && found.failure().get().retryAfter() != null) {
      return CompletableFuture.completedFuture(found.failure().get().result());
    }
    found.failure().ifPresent(failed -> warn("The channel cannot be searched", failed));
    return post(notice);
  }

  private CompletableFuture<NotifyResult> update(Notice notice, Place place) {
    return write(notice, message -> api.update(place, message))
        .thenCompose(
            answer ->
                switch (answer) {
                  case Done done -> reply(notice, place);
                  case Failed failed ->
                      failed.remedy() == Remedy.NEW_MESSAGE
                          ? post(notice)
                          : CompletableFuture.completedFuture(failed.result());
                });
  }

  private CompletableFuture<NotifyResult> post(Notice notice) {
    return write(notice, api::postMessage)
        .thenCompose(
            answer ->
                switch (answer) {
                  case Done done ->
                      done.text(TS).isEmpty() || done.text(CHANNEL).isEmpty()
                          ? CompletableFuture.completedFuture(new NotifyResult.Sent())
                          : reply(notice, new Place(done.text(CHANNEL), done.text(TS), false));
                  case Failed failed -> CompletableFuture.completedFuture(failed.result());
                });
  }

  /** Writes the message with its layout, or else as plain text. */
  private CompletableFuture<SlackAnswer> write(
      Notice notice, Function<ObjectNode, CompletableFuture<SlackAnswer>> call) {
    ObjectNode metadata = SlackApi.metadata(notice.incidentId());
    ObjectNode message = messages.message(notice);
    message.set("metadata", metadata);
    return call.apply(message)
        .thenCompose(
            answer -> {
              if (!(answer instanceof Failed failed) || failed.remedy() != Remedy.PLAIN_TEXT) {
                return CompletableFuture.completedFuture(answer);
              }
              warn("Slack refuses the layout; plain text is sent", failed);
              ObjectNode plain = messages.plain(notice);
              if (!failed.error().equals("metadata_too_large")) {
                plain.set("metadata", metadata);
              }
              return call.apply(plain);
            });
  }

  private CompletableFuture<NotifyResult> reply(Notice notice, Place place) {
    Map<String, String> remember = Map.of(CHANNEL, place.channel(), TS, place.ts());
    NotifyResult sent = new NotifyResult.Sent(remember);
    if (notice.action() == Action.TRIGGER && place.hasReplies()) {
      return CompletableFuture.completedFuture(sent); // found again with its first entry
    }
    boolean broadcast = config.broadcastResolve() && notice.action() == Action.RESOLVE;
    return api.reply(place, broadcast, messages.timelineEntry(notice))
        .thenApply(
            answer -> {
              if (!(answer instanceof Failed failed)) {
                return sent;
              }
              if (failed.remedy() == Remedy.RETRY) {
                return new NotifyResult.Retryable(failed.why(), failed.retryAfter(), remember);
              }
              // The message itself tells it.
              warn("Slack refuses an entry of the thread", failed);
              return sent;
            });
  }

  private void warn(String what, Failed failed) {
    LOGGER.atWarn().addKeyValue("receiver", receiver).addKeyValue("why", failed.why()).log(what);
  }

  /** Without the token, which is a secret. */
  @Override
  public String toString() {
    return "SlackApiNotifier{receiver=" + receiver + ", channel=" + config.channel() + "}";
  }
}
