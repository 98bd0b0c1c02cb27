// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands mails to an SMTP server and classifies its answers: 4yz and broken connections may work
 * later, 5yz never will. Blocks; thread-safe.
 */
final class Smtp {

  private static final Logger LOGGER = LoggerFactory.getLogger(Smtp.class);
  private static final int MAX_SHOWN = 200;

  /** Replies as the library quotes them: alone, or behind its own words. */
  private static final Pattern REPLY = Pattern.compile("(?:^|response: )([2-5]\\d\\d)\\b");

  private final EmailConfig config;
  private final Properties properties;
  private final List<String> secrets;

  Smtp(EmailConfig config, Duration timeout) {
    this(config, timeout, null);
  }

  /**
   * @param timeout for each answer of the server
   * @param sockets makes TLS sockets; null for the platform's, with its certificate authorities
   */
  Smtp(EmailConfig config, Duration timeout, @Nullable SSLSocketFactory sockets) {
    this.config = config;
    this.properties = new Properties();
    String millis = Long.toString(timeout.toMillis());
    put("connectiontimeout", millis);
    put("timeout", millis);
    put("writetimeout", millis);
    put("auth", config.credentials() != null);
    put("ssl.enable", config.security() == EmailConfig.Security.TLS);
    put("starttls.enable", config.security() == EmailConfig.Security.STARTTLS);
    put("starttls.required", config.security() == EmailConfig.Security.STARTTLS);
    put("ssl.checkserveridentity", true);
    // One wrong address must not keep the mail from all others.
    put("sendpartial", true);
    put("quitwait", false);
    if (sockets != null) {
      properties.put("mail.smtp.ssl.socketFactory", sockets);
    }
    this.secrets = secrets(config.credentials());
  }

  private void put(String name, Object value) {
    properties.setProperty("mail.smtp." + name, value.toString());
  }

  /** The password as it is and as it travels. */
  private static List<String> secrets(EmailConfig.@Nullable Credentials credentials) {
    if (credentials == null || credentials.password().isEmpty()) {
      return List.of();
    }
    String plain = "\0" + credentials.username() + "\0" + credentials.password();
    return List.of(credentials.password(), base64(credentials.password()), base64(plain));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What mails of this server are made with. */
  Session session() {
    return Session.getInstance(properties);
  }

  /** Sends to the recipients of the mail. */
  NotifyResult send(Session session, MimeMessage mail) {
    EmailConfig.Credentials credentials = config.credentials();
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect(
          config.host(),
          config.port(),
          credentials == null ? null : credentials.username(),
          credentials == null ? null : credentials.password());
      transport.sendMessage(mail, mail.getAllRecipients());
      return new NotifyResult.Sent();
    } catch (MessagingException e) {
      return classify(e);
    }
  }

  private NotifyResult classify(MessagingException failure) {
    List<Exception> chain = chain(failure);
    if (failure instanceof SendFailedException partly
        && partly.getValidSentAddresses() != null
        && partly.getValidSentAddresses().length > 0) {
      LOGGER
          .atWarn()
          .addKeyValue("why", why(chain))
          .log("A mail was not taken for all of its recipients");
      return new NotifyResult.Sent();
    }
    List<Integer> codes = chain.stream().map(Smtp::code).filter(code -> code >= 400).toList();
    boolean refused = !codes.isEmpty() && codes.stream().allMatch(code -> code >= 500);
    return refused
        ? new NotifyResult.Permanent(why(chain))
        : new NotifyResult.Retryable(why(chain), null);
  }

  /** The failure and what the library chains to it: one for each recipient, or the cause. */
  private static List<Exception> chain(MessagingException failure) {
    List<Exception> chain = new ArrayList<>();
    Exception next = failure;
    while (next != null && !chain.contains(next)) {
      chain.add(next);
      next = next instanceof MessagingException messaging ? messaging.getNextException() : null;
    }
    return chain;
  }

  /** The server's reply code that an exception quotes; 0 when it quotes none. */
  private static int code(Exception failure) {
    Matcher reply = REPLY.matcher(String.valueOf(failure.getMessage()));
    return reply.find() ? Integer.parseInt(reply.group(1)) : 0;
  }

  /** The last one tells the most: the server's reply, or what broke. */
  private String why(List<Exception> chain) {
    Exception last = chain.get(chain.size() - 1);
    String message = String.valueOf(last.getMessage()).replaceAll("\\s+", " ").strip();
    return PlainText.shortened(
        HttpSender.redacted("SMTP: " + last.getClass().getSimpleName() + ": " + message, secrets),
        MAX_SHOWN);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Smtp{host=" + config.host() + ", port=" + config.port() + "}";
  }
}
