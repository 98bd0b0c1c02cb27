// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to send e-mail.
 *
 * @param host the SMTP server
 * @param port usually 465 with {@link Security#TLS}, 587 with {@link Security#STARTTLS}
 * @param security how the connection is protected
 * @param credentials null when the server wants none
 * @param from the sender's address
 * @param to the recipients' addresses; at least one
 */
public record EmailConfig(
    String host,
    int port,
    Security security,
    @Nullable Credentials credentials,
    String from,
    List<String> to)
    implements ReceiverConfig {

  /** How a connection is protected. */
  public enum Security {
    /** TLS from the first byte on. */
    TLS,
    /** TLS after the greeting; without it nothing is sent. */
    STARTTLS,
    /** Nothing: to this machine only. */
    NONE
  }

  /**
   * Who logs in.
   *
   * @param password a secret
   */
  public record Credentials(String username, String password) {

    public Credentials {
      requireNonNull(username, "username");
      requireNonNull(password, "password");
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Credentials{username=" + username + "}";
    }
  }

  public EmailConfig {
    requireNonNull(host, "host");
    requireNonNull(security, "security");
    to = List.copyOf(to);
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: is " + port + ", must be from 1 to 65535");
    }
    if (security == Security.NONE && !SecretUrl.isLoopback(host)) {
      throw new IllegalArgumentException(
          "security: none is for this machine only, and '" + host + "' is another");
    }
    requireAddress("from", from);
    if (to.isEmpty()) {
      throw new IllegalArgumentException("to: must not be empty");
    }
    to.forEach(address -> requireAddress("to", address));
  }

  private static void requireAddress(String name, String address) {
    try {
      new InternetAddress(address, true);
    } catch (AddressException e) {
      throw new IllegalArgumentException(
          name + ": is '" + address + "', must be an e-mail address", e);
    }
  }
}
