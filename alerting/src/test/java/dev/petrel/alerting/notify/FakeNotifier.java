// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A notifier whose attempts end when and how the test says. */
final class FakeNotifier implements Notifier {

  /** An attempt under way. */
  record Attempt(Notice notice, CompletableFuture<NotifyResult> result) {

    Action action() {
      return notice.action();
    }

    Alert alert() {
      return notice.first();
    }
  }

  private final String receiver;
  private final boolean updates;
  final List<Attempt> attempts = new ArrayList<>();

  FakeNotifier(String receiver, boolean updates) {
    this.receiver = receiver;
    this.updates = updates;
  }

  @Override
  public String receiver() {
    return receiver;
  }

  @Override
  public boolean updates() {
    return updates;
  }

  @Override
  public CompletableFuture<NotifyResult> send(Notice notice) {
    CompletableFuture<NotifyResult> result = new CompletableFuture<>();
    attempts.add(new Attempt(notice, result));
    return result;
  }

  List<Notice> notices() {
    return attempts.stream().map(Attempt::notice).toList();
  }

  List<Action> actions() {
    return attempts.stream().map(Attempt::action).toList();
  }

  void endLast(NotifyResult result) {
    attempts.get(attempts.size() - 1).result().complete(result);
  }
}
