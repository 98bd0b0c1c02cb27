// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends e-mail. Each notice is a mail, so an update is one more in everybody's inbox. Thread-safe.
 *
 * <p>The mail library blocks: each mail has a thread of its own. One whose server drips can outlive
 * the attempt by some time-outs; its mail and the next attempt's have the same Message-ID.
 */
public final class EmailNotifier implements Notifier {

  private static final String SUBJECT = "subject";

  private final String receiver;
  private final Smtp smtp;
  private final EmailMessage messages;
  private final Duration deadline;

  /**
   * @param deadline for a mail as a whole
   */
  EmailNotifier(String receiver, Smtp smtp, EmailMessage messages, Duration deadline) {
    this.receiver = requireNonNull(receiver, "receiver");
    this.smtp = requireNonNull(smtp, "smtp");
    this.messages = requireNonNull(messages, "messages");
    this.deadline = requireNonNull(deadline, "deadline");
  }

  @Override
  public String receiver() {
    return receiver;
  }

  @Override
  public boolean updates() {
    return false;
  }

  @Override
  public CompletableFuture<NotifyResult> send(Notice notice) {
    return CompletableFuture.supplyAsync(
            () -> sendNow(notice),
            task -> Thread.ofPlatform().daemon().name("petrel-email").start(task))
        .completeOnTimeout(
            new NotifyResult.Retryable("no answer within " + deadline.toMillis() + " ms", null),
            deadline.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private NotifyResult sendNow(Notice notice) {
    // Mail programs keep a conversation together by its subject too.
    String subject = notice.remembered().getOrDefault(SUBJECT, EmailMessage.subject(notice));
    Session session = smtp.session();
    try {
      NotifyResult result = smtp.send(session, messages.mail(session, notice, subject));
      return result instanceof NotifyResult.Sent
          ? new NotifyResult.Sent(Map.of(SUBJECT, subject))
          : result;
    } catch (MessagingException e) {
      return new NotifyResult.Permanent("the mail cannot be written: " + e.getMessage());
    }
  }

  /** Without the password, which is a secret. */
  @Override
  public String toString() {
    return "EmailNotifier{receiver=" + receiver + ", smtp=" + smtp + "}";
  }
}
