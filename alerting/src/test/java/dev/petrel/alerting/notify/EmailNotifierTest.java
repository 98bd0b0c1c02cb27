// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.notify.EmailConfig.Credentials;
import dev.petrel.alerting.notify.EmailConfig.Security;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.server.SMTPServer;

@Timeout(120)
class EmailNotifierTest {

  private static final Links LINKS = new Links(URI.create("http://127.0.0.1:8080"));
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private static final Credentials LOGIN = new Credentials(MailServer.USER, MailServer.PASSWORD);
  private static final List<String> TO = List.of("oncall@example.com", "team@example.com");

  private final Alert firing = Alerts.firing("a1");
  private MailServer server = new MailServer(MailServer::withLogin);

  @AfterEach
  void stop() {
    server.close();
  }

  private void restart(UnaryOperator<SMTPServer.Builder> settings) {
    server.close();
    server = new MailServer(settings);
  }

  private EmailNotifier notifier() {
    return notifier(Security.NONE, LOGIN, null, Duration.ofSeconds(30));
  }

  private EmailNotifier notifier(
      Security security,
      @Nullable Credentials login,
      @Nullable SSLSocketFactory sockets,
      Duration timeout) {
    return notifier(server.port(), security, login, sockets, timeout);
  }

  private static EmailNotifier notifier(
      int port,
      Security security,
      @Nullable Credentials login,
      @Nullable SSLSocketFactory sockets,
      Duration timeout) {
    EmailConfig config =
        new EmailConfig("127.0.0.1", port, security, login, "Petrel <petrel@example.com>", TO);
    return new EmailNotifier(
        "mail",
        new Smtp(config, timeout, sockets),
        new EmailMessage(config, LINKS, CLOCK),
        timeout.multipliedBy(2));
  }

  private NotifyResult send(Notice notice) {
    return notifier().send(notice).join();
  }

  private MimeMessage mail(int index) {
    return server.received().get(index).mail();
  }

  private static String part(MimeMessage mail, int index) throws Exception {
    return (String) ((MimeMultipart) mail.getContent()).getBodyPart(index).getContent();
  }

  @Test
  void send_hasTheSameInPlainTextAndHtml() throws Exception {
    assertThat(send(Notice.about(Action.TRIGGER, firing))).isInstanceOf(NotifyResult.Sent.class);

    assertThat(server.received()).hasSize(1);
    assertThat(server.received().get(0).recipients()).containsExactlyElementsOf(TO);
    MimeMessage mail = mail(0);
    assertThat(mail.getSubject())
        .isEqualTo("[Petrel] tenant acme on openai gpt-4o: calls are failing");
    assertThat(mail.getFrom())
        .extracting(Object::toString)
        .containsExactly("Petrel <petrel@example.com>");
    assertThat(mail.getSentDate()).isEqualTo(CLOCK.instant());
    assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
    assertThat(mail.getContentType()).startsWith("multipart/alternative");
    assertThat(part(mail, 0))
        .contains(
            "🔴 tenant acme on openai gpt-4o: calls are failing",
            "34% of calls to openai fail.",
            "Since: 2023-11-14T22:13:20Z",
            "Failed calls: 34% (normally 1.1%)",
            "Sample request ids: req_1, req_2",
            "Incident page: http://127.0.0.1:8080/incidents/a1",
            "Runbook: https://runbooks.example/provider_incident.md",
            "Severity: critical");
    assertThat(part(mail, 1))
        .contains(
            "<b>Failed calls:</b> 34% (normally 1.1%)",
            "<a href=\"http://127.0.0.1:8080/incidents/a1\">Incident page</a>");
  }

  @Test
  void send_makesOneConversationOfAnIncident() throws Exception {
    NotifyResult.Sent first = (NotifyResult.Sent) send(Notice.about(Action.TRIGGER, firing));
    send(Notices.of(Action.UPDATE, first.remember(), Alerts.worse(firing)));
    send(Notices.of(Action.RESOLVE, first.remember(), Alerts.over(firing)));

    String root = "<petrel.a1@example.com>";
    assertThat(mail(0).getMessageID()).isEqualTo(root);
    assertThat(mail(0).getHeader("In-Reply-To")).isNull();
    for (int reply : List.of(1, 2)) {
      assertThat(mail(reply).getHeader("In-Reply-To", null)).isEqualTo(root);
      assertThat(mail(reply).getHeader("References", null)).isEqualTo(root);
      assertThat(mail(reply).getSubject()).isEqualTo("Re: " + mail(0).getSubject());
    }
    assertThat(mail(1).getMessageID()).isNotIn(root, mail(2).getMessageID());
    assertThat(part(mail(2), 0))
        .contains("✅ Resolved: ", "It is over: the calls work again. It lasted 4 min 30 s.");
  }

  @Test
  void send_keepsTheSubjectWhenTheGroupGrows() throws Exception {
    NotifyResult.Sent first = (NotifyResult.Sent) send(Notices.group(Action.TRIGGER, 2));
    Notice grown = Notices.group(Action.UPDATE, 200);
    send(new Notice(Action.UPDATE, "group-1", grown.alerts(), "more", first.remember(), false));

    assertThat(mail(1).getSubject())
        .isEqualTo("Re: [Petrel] openai gpt-4o: 2 alerts, first calls are failing");
    assertThat(part(mail(1), 0)).contains("200 of 200 alerts go on", "Not listed: 150");
  }

  /** By its Message-ID a mail program shows a mail that comes twice once. */
  @Test
  void send_repeatsTheMessageIdWithTheMail() throws Exception {
    send(Notice.about(Action.UPDATE, firing));
    send(Notice.about(Action.UPDATE, firing));

    assertThat(mail(0).getMessageID()).isEqualTo(mail(1).getMessageID());
  }

  @ParameterizedTest
  @CsvSource({
    "421, true",
    "450, true",
    "451, true",
    "452, true",
    "550, false",
    "552, false",
    "554, false"
  })
  void send_classifiesRepliesToTheMail(int code, boolean retryable) {
    server.refuse(code, "because");

    NotifyResult result = send(Notice.about(Action.TRIGGER, firing));

    assertThat(result)
        .isInstanceOf(retryable ? NotifyResult.Retryable.class : NotifyResult.Permanent.class);
    assertThat(result.toString()).contains(code + " because");
    assertThat(server.received()).isEmpty();
  }

  @Test
  void send_reachesTheOthersWhenOneAddressIsRefused() {
    server.refuseRecipient(550, TO.get(0));

    assertThat(send(Notice.about(Action.TRIGGER, firing))).isInstanceOf(NotifyResult.Sent.class);
    assertThat(server.received().get(0).recipients()).containsExactly(TO.get(1));
  }

  @Test
  void send_isPermanentWhenTheLoginIsRefused() {
    NotifyResult result =
        notifier(
                Security.NONE,
                new Credentials("petrel", "wrong-pass"),
                null,
                Duration.ofSeconds(30))
            .send(Notice.about(Action.TRIGGER, firing))
            .join();

    assertThat(result).isInstanceOf(NotifyResult.Permanent.class);
    assertThat(result.toString()).contains("535").doesNotContain("wrong-pass");
  }

  @Test
  void send_showsNoPasswordThatTheReplyEchoes() {
    server.refuse(554, "no " + MailServer.PASSWORD + " here");

    assertThat(send(Notice.about(Action.TRIGGER, firing)).toString())
        .contains("no (secret) here")
        .doesNotContain(MailServer.PASSWORD);
  }

  @Test
  void send_isRetryableWhenNobodyListens() {
    EmailNotifier notifier = notifier();
    server.close();

    assertThat(notifier.send(Notice.about(Action.TRIGGER, firing)).join())
        .isInstanceOf(NotifyResult.Retryable.class);
  }

  @Test
  void send_isRetryableWhenTheServerSaysNothing() {
    try (SilentServer silent = SilentServer.thatWaits()) {
      NotifyResult result =
          notifier(silent.port(), Security.NONE, LOGIN, null, Duration.ofMillis(300))
              .send(Notice.about(Action.TRIGGER, firing))
              .join();

      assertThat(result).isInstanceOf(NotifyResult.Retryable.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Security.class,
      names = {"TLS", "STARTTLS"})
  void send_isProtectedByTls(Security security, @TempDir Path directory) throws Exception {
    OwnCertificate own = OwnCertificate.of(directory, "ip:127.0.0.1");

    NotifyResult result = sendProtected(security, own, own.context().getSocketFactory());

    assertThat(result).isInstanceOf(NotifyResult.Sent.class);
    assertThat(server.received()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Security.class,
      names = {"TLS", "STARTTLS"})
  void send_sendsNothingToAServerOfAnotherName(Security security, @TempDir Path directory)
      throws Exception {
    OwnCertificate other = OwnCertificate.of(directory, "dns:mail.example");

    NotifyResult result = sendProtected(security, other, other.context().getSocketFactory());

    assertThat(result).isInstanceOf(NotifyResult.Retryable.class);
    assertThat(server.received()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Security.class,
      names = {"TLS", "STARTTLS"})
  void send_sendsNothingToAServerThatNobodyVouchesFor(Security security, @TempDir Path directory)
      throws Exception {
    NotifyResult result =
        sendProtected(security, OwnCertificate.of(directory, "ip:127.0.0.1"), null);

    assertThat(result).isInstanceOf(NotifyResult.Retryable.class);
    assertThat(server.received()).isEmpty();
  }

  /** To a server with this certificate, trusting what {@code sockets} trust. */
  private NotifyResult sendProtected(
      Security security, OwnCertificate certificate, @Nullable SSLSocketFactory sockets) {
    restart(
        builder ->
            MailServer.withLogin(
                security == Security.TLS
                    ? builder.serverSocketFactory(certificate.context())
                    : builder
                        .enableTLS()
                        .requireTLS()
                        .startTlsSocketFactory(certificate.context())));
    return notifier(security, LOGIN, sockets, Duration.ofSeconds(30))
        .send(Notice.about(Action.TRIGGER, firing))
        .join();
  }

  @Test
  void send_sendsNothingWhenStartTlsIsMissing() {
    NotifyResult result =
        notifier(Security.STARTTLS, LOGIN, null, Duration.ofSeconds(30))
            .send(Notice.about(Action.TRIGGER, firing))
            .join();

    assertThat(result.toString()).contains("STARTTLS is required");
    assertThat(server.received()).isEmpty();
  }

  /** No text adds a header, a recipient, a tag or a link. */
  @Test
  void send_keepsTheRulesForRandomNotices() throws Exception {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    HostileNotices notices = new HostileNotices(seed);
    for (int i = 0; i < 40; i++) {
      Notice notice = notices.next();
      assertThat(send(notice))
          .as("seed %d, notice %d", seed, i)
          .isInstanceOf(NotifyResult.Sent.class);

      MimeMessage mail = mail(i);
      assertThat(server.received().get(i).recipients()).containsExactlyElementsOf(TO);
      assertThat(mail.getAllRecipients()).as("seed %d, notice %d", seed, i).hasSize(2);
      assertThat(mail.getSubject()).startsWith(notice.action() == Action.TRIGGER ? "[Pet" : "Re: ");
      assertThat(((MimeMultipart) mail.getContent()).getCount()).isEqualTo(2);
      String rest =
          part(mail, 1)
              .replaceAll("</?(html|head|body|h2|p|b)>|<br>|<!DOCTYPE html>", "")
              .replace("<meta charset=\"utf-8\">", "")
              .replaceAll("<a href=\"https?://[^\"<>\\s]+\">(Incident page|Runbook)</a>", "");
      assertThat(rest)
          .as("seed %d, notice %d", seed, i)
          .doesNotContain("<")
          .doesNotContain(">")
          .doesNotContain("\"")
          .doesNotContain("'");
      assertThat(rest.replaceAll("&(amp|lt|gt|quot|#39);", "")).doesNotContain("&");
      assertThat(part(mail, 0)).doesNotContainPattern("[\\p{Cs}\\u202A-\\u202E\\u2066-\\u2069]");
    }
  }

  @Test
  void updates_areOneMoreMail() {
    assertThat(notifier().updates()).isFalse();
  }

  @Test
  void toString_showsNoPassword() {
    assertThat(notifier().toString() + LOGIN)
        .contains("127.0.0.1")
        .doesNotContain(MailServer.PASSWORD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nobody", "a@b\r\nBcc: c@d", "a@b, c@d"})
  void new_refusesWhatIsNoAddress(String address) {
    assertThatThrownBy(
            () ->
                new EmailConfig(
                    "mail.example", 465, Security.TLS, null, "a@example.com", List.of(address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("to: ");
  }

  @Test
  void new_refusesToSendUnprotectedToOtherMachines() {
    assertThatThrownBy(
            () ->
                new EmailConfig(
                    "mail.example", 25, Security.NONE, null, "a@example.com", List.of("b@c.de")))
        .hasMessage("security: none is for this machine only, and 'mail.example' is another");
  }
}
