// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Date;
import java.util.UUID;

/**
 * Writes the mails about incidents: plain text and HTML with the same content.
 *
 * <p>All mails of an incident are one conversation: the first has a Message-ID made of the incident
 * id, the others answer it and keep its subject. The same mail sent twice has the same Message-ID.
 */
final class EmailMessage {

  /** Mail programs cut subjects far earlier; RFC 5322 allows lines of 998. */
  private static final int MAX_SUBJECT = 200;

  private final EmailConfig config;
  private final Links links;
  private final InstantSource clock;

  EmailMessage(EmailConfig config, Links links, InstantSource clock) {
    this.config = config;
    this.links = links;
    this.clock = clock;
  }

  /** The subject of the incident's first mail. */
  static String subject(Notice notice) {
    return PlainText.shortened("[Petrel] " + AlertText.title(notice), MAX_SUBJECT);
  }

  /**
   * A mail.
   *
   * @param subject of the incident's first mail
   */
  MimeMessage mail(Session session, Notice notice, String subject) throws MessagingException {
    EmailText text = EmailText.of(notice, links);
    String root = messageId(notice, "");
    boolean first = notice.action() == Action.TRIGGER;
    MimeMessage mail =
        new Identified(session, first ? root : messageId(notice, "." + hash(text.plain())));
    if (!first) {
      mail.setHeader("In-Reply-To", root);
      mail.setHeader("References", root);
    }
    mail.setSubject(first ? subject : "Re: " + subject, StandardCharsets.UTF_8.name());
    mail.setFrom(new InternetAddress(config.from(), true));
    for (String to : config.to()) {
      mail.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
    }
    mail.setSentDate(Date.from(clock.instant()));
    // RFC 3834: no holiday replies.
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setHeader("X-Petrel-Incident", notice.incidentId());
    MimeMultipart parts = new MimeMultipart("alternative");
    parts.addBodyPart(part(text.plain(), "plain"));
    parts.addBodyPart(part(text.html(), "html")); // the last is the one that programs prefer
    mail.setContent(parts);
    mail.saveChanges();
    return mail;
  }

  private static MimeBodyPart part(String text, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(text, StandardCharsets.UTF_8.name(), subtype);
    part.setHeader("Content-Transfer-Encoding", "quoted-printable"); // lines of any length
    return part;
  }

  private String messageId(Notice notice, String suffix) {
    String domain = config.from().substring(config.from().lastIndexOf('@') + 1).replace(">", "");
    return "<petrel." + notice.incidentId() + suffix + "@" + domain + ">";
  }

  private static String hash(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** A mail that keeps its Message-ID; the library would make one up. */
  private static final class Identified extends MimeMessage {

    private final String messageId;

    Identified(Session session, String messageId) {
      super(session);
      this.messageId = messageId;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", messageId);
    }
  }
}
