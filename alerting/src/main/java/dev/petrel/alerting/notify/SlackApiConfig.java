// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.net.URI;

/**
 * How to reach a Slack channel with a bot token.
 *
 * @param baseUrl the Web API's URL, {@link #SLACK} unless a stand-in takes its place
 * @param token the bot token, a secret; its scopes: {@code chat:write}, and {@code
 *     channels:history} or {@code groups:history} to find a message again after a crash
 * @param channel the channel's ID; a name can be posted to, but not updated in
 * @param broadcastResolve whether the thread's entry about the end also shows in the channel
 */
public record SlackApiConfig(URI baseUrl, String token, String channel, boolean broadcastResolve)
    implements ReceiverConfig {

  /** Slack's own Web API. */
  public static final URI SLACK = URI.create("https://slack.com/api/");

  public SlackApiConfig {
    SecretUrl.requireProtected("api_url", baseUrl);
    if (token.isBlank()) {
      throw new IllegalArgumentException("token: must not be empty");
    }
    if (!channel.matches("[CDG][A-Z0-9]{2,30}")) {
      throw new IllegalArgumentException(
          "channel: is '"
              + channel
              + "', must be a channel's ID such as C0123ABCD; Slack shows it at the end of the"
              + " channel's details");
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "SlackApiConfig{baseUrl=" + baseUrl + ", channel=" + channel + "}";
  }
}
