// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.alert.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Random notices in which every text is hostile, names of labels and facts included. */
final class HostileNotices {

  private static final List<String> LABELS =
      List.of("environment", "provider", "model", "tenant", "service", "instance", "version");

  private final Random random;

  HostileNotices(long seed) {
    this.random = new Random(seed);
  }

  Notice next() {
    Action action = Action.values()[random.nextInt(Action.values().length)];
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(200) : 1;
    List<Alert> alerts = new ArrayList<>();
    // A group of 200 with 100 KB in every field is 500 MB: short ones suffice there.
    Supplier<String> text = () -> HostileText.random(random, count > 3 ? 150 : Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      alerts.add(alert("id-" + i, action == Action.RESOLVE || random.nextInt(5) == 0, text));
    }
    return new Notice(
        action,
        "incident-" + random.nextInt(1_000),
        alerts,
        text.get(),
        Map.of(),
        random.nextBoolean());
  }

  private Alert alert(String id, boolean over, Supplier<String> text) {
    Map<String, String> labels = new LinkedHashMap<>();
    LABELS.stream().filter(x -> random.nextBoolean()).forEach(x -> labels.put(x, text.get()));
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("request_ids", texts(8, text));
    evidence.put("culprits", texts(30, text));
    evidence.put("value", random.nextGaussian());
    evidence.put(text.get(), Map.of("nested", texts(2, text)));
    Map<String, String> facts = new LinkedHashMap<>();
    texts(14, text).forEach(name -> facts.put(name, text.get()));
    long startsAt = Alerts.STARTS_AT + random.nextInt(1_000_000);
    Alert alert =
        new Alert(
            id,
            text.get(),
            text.get(),
            Status.FIRING,
            Severity.values()[random.nextInt(4)],
            labels,
            Map.of(text.get(), text.get()),
            startsAt,
            startsAt + 20_000,
            null,
            startsAt + 20_000,
            1,
            text.get(),
            facts,
            evidence,
            random.nextBoolean() ? "https://runbooks.example/?a=1&b=2" : text.get());
    return over ? alert.resolved(startsAt + 30_000, text.get(), startsAt + 40_000) : alert;
  }

  private List<String> texts(int max, Supplier<String> text) {
    List<String> list = new ArrayList<>();
    for (int i = random.nextInt(max + 1); i > 0; i--) {
      list.add(text.get());
    }
    return list;
  }
}
