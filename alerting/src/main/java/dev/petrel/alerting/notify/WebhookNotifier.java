// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Posts signed JSON to any endpoint; docs/receivers.md documents the body. Thread-safe.
 *
 * <p>An attempt that is repeated with the same content has the same {@code webhook-id}, by which
 * the endpoint can ignore it.
 */
public final class WebhookNotifier implements Notifier {

  static final int MAX_BODY = 1_000_000;

  private static final int VERSION = 1;
  private static final int MAX_REASON = 1_000;
  private static final int MAX_TITLE = 500;

  private final String receiver;
  private final WebhookConfig config;
  private final List<String> secrets;
  private final Links links;
  private final Details details;
  private final HttpSender sender;

  WebhookNotifier(String receiver, WebhookConfig config, Links links, HttpSender sender) {
    this.receiver = requireNonNull(receiver, "receiver");
    this.config = requireNonNull(config, "config");
    this.secrets = SecretUrl.secrets(config.url());
    this.links = requireNonNull(links, "links");
    this.details = new Details(links);
    this.sender = requireNonNull(sender, "sender");
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
  public CompletableFuture<NotifyResult> send(Notice notice) {
    byte[] body = body(notice);
    Map<String, String> headers =
        config
            .signature()
            .headers(id(notice, body), sender.clock().instant().getEpochSecond(), body);
    return sender.post(config.url(), headers, body, secrets);
  }

  private byte[] body(Notice notice) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("version", VERSION);
    body.put("incident_id", notice.incidentId());
    body.put("action", notice.action().wireName());
    body.put("status", notice.action() == Action.RESOLVE ? "resolved" : "firing");
    body.put("severity", notice.severity().wireName());
    body.put("reason", PlainText.shortened(notice.reason(), MAX_REASON));
    body.put("title", PlainText.shortened(AlertText.title(notice), MAX_TITLE));
    body.put("starts_at", Details.time(notice.startsAt()));
    if (notice.action() == Action.RESOLVE) {
      body.put("ends_at", Details.time(AlertText.endedAt(notice)));
    }
    body.put("incident_url", links.incident(notice.first()));
    return details.fit(notice, MAX_BODY, alerts -> body.setAll(alerts));
  }

  private static String id(Notice notice, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(notice.incidentId().getBytes(StandardCharsets.UTF_8));
      return "msg_" + HexFormat.of().formatHex(digest.digest(body), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Without the URL and the key, which are secrets. */
  @Override
  public String toString() {
    return "WebhookNotifier{receiver=" + receiver + "}";
  }
}
