// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** A real SMTP server on a free port, which keeps what it takes and refuses what it is told to. */
final class MailServer implements AutoCloseable {

  static final String USER = "petrel";
  static final String PASSWORD = "mail-password-4711";

  /** A mail with the addresses of its envelope. */
  record Received(List<String> recipients, MimeMessage mail) {}

  private final SMTPServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile @Nullable RejectException refusal;
  private volatile String refusedRecipient = "";

  MailServer(UnaryOperator<SMTPServer.Builder> settings) {
    server =
        settings
            .apply(
                SMTPServer.port(0)
                    .bindAddress(InetAddress.getLoopbackAddress())
                    .messageHandlerFactory(context -> new Handler()))
            .build();
    server.start();
  }

  /** Wants a login with {@link #USER} and {@link #PASSWORD}. */
  static SMTPServer.Builder withLogin(SMTPServer.Builder builder) {
    return builder
        .requireAuth()
        .authenticationHandlerFactory(
            new EasyAuthenticationHandlerFactory(
                (user, password, context) -> {
                  if (!user.equals(USER) || !password.equals(PASSWORD)) {
                    throw new LoginFailedException();
                  }
                }));
  }

  int port() {
    return server.getPortAllocated();
  }

  List<Received> received() {
    return received;
  }

  /** Refuses the content of all mails from now on. */
  void refuse(int code, String text) {
    refusal = new RejectException(code, text);
  }

  /** Refuses one address from now on. */
  void refuseRecipient(int code, String address) {
    refusal = new RejectException(code, "no such mailbox");
    refusedRecipient = address;
  }

  private final class Handler implements MessageHandler {

    private final List<String> recipients = new ArrayList<>();

    @Override
    public void from(String from) {}

    @Override
    public void recipient(String recipient) throws RejectException {
      RejectException why = refusal;
      if (why != null && recipient.equals(refusedRecipient)) {
        throw why;
      }
      recipients.add(recipient);
    }

    @Override
    public @Nullable String data(InputStream data) throws RejectException, IOException {
      try {
        MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()), data);
        RejectException why = refusal;
        if (why != null && refusedRecipient.isEmpty()) {
          throw why;
        }
        received.add(new Received(List.copyOf(recipients), mail));
        return null;
      } catch (MessagingException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void done() {}
  }

  @Override
  public void close() {
    server.stop();
  }
}
