// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.alerting.notify.NotificationPolicy;
import dev.petrel.alerting.notify.Receiver;
import dev.petrel.alerting.route.Routing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleFileWatcherTest {

  @TempDir private Path directory;
  private Path file;
  private Path secret;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("rules.yaml");
    secret = directory.resolve("secret");
    Files.writeString(file, "one");
    Files.writeString(secret, "s");
  }

  /** The content is the receiver's name; "bad" is a mistake. */
  private AlertRules read(Path path, byte[] bytes) {
    String name = new String(bytes, UTF_8);
    if (name.equals("bad")) {
      throw RuleFileException.at("rules.yaml", 7, "route", "is bad");
    }
    return new AlertRules(
        List.of(),
        new NotificationPolicy(Routing.to(name), Map.of(name, new Receiver(name, List.of(), null))),
        Set.of(secret));
  }

  private RuleFileWatcher watcher() {
    RuleFileWatcher watcher = new RuleFileWatcher(file, this::read, meters);
    watcher.onChange(rules -> told.add(rules.policy().routing().root().receiver()));
    return watcher;
  }

  private double loads(String result) {
    return meters.counter("petrel.alerting.rule.file.loads", "result", result).count();
  }

  @Test
  void look_takesNewRulesOnce() throws IOException {
    try (RuleFileWatcher watcher = watcher()) {
      watcher.look();
      assertThat(told).isEmpty();

      Files.writeString(file, "two");
      watcher.look();
      watcher.look();

      assertThat(told).containsExactly("two");
      assertThat(watcher.current().policy().receivers()).containsOnlyKeys("two");
      assertThat(loads("loaded")).isEqualTo(2);
    }
  }

  @Test
  void look_keepsTheOldRulesWhenTheFileHasAMistake() throws IOException {
    try (RuleFileWatcher watcher = watcher()) {
      Files.writeString(file, "bad");
      watcher.look();
      watcher.look();

      assertThat(watcher.current().policy().receivers()).containsOnlyKeys("one");
      assertThat(watcher.health().problem()).isEqualTo("rules.yaml:7: route: is bad");
      assertThat(loads("refused")).isEqualTo(1);
      assertThat(meters.get("petrel.alerting.rule.file.refused").gauge().value()).isEqualTo(1);

      Files.writeString(file, "two");
      watcher.look();
      assertThat(watcher.health().isOk()).isTrue();
      assertThat(meters.get("petrel.alerting.rule.file.refused").gauge().value()).isZero();
    }
  }

  @Test
  void look_readsAgainWhenASecretHasChanged() throws IOException {
    try (RuleFileWatcher watcher = watcher()) {
      Files.writeString(secret, "another");
      watcher.look();
      assertThat(told).containsExactly("one");
    }
  }

  @Test
  void watcher_doesNotStartWithAMistakeOrWithoutTheFile() throws IOException {
    Files.writeString(file, "bad");
    assertThatThrownBy(this::watcher).hasMessageContaining("rules.yaml:7");
    Files.delete(file);
    assertThatThrownBy(this::watcher).hasMessageContaining("cannot be read");
  }
}
