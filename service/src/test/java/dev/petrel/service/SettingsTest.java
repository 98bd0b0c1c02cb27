// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  private static final Setting<Integer> THREADS =
      Setting.number("streams.threads", 1, 1, 64, "Threads.");
  private static final Setting<Duration> DELAY =
      Setting.duration("streams.close_delay", "1m", "Delay.");
  private static final Setting<String> NAME = Setting.text("streams.name", null, "Name.");
  private static final Setting<String> KEY = Setting.secret("alerting.key", "Key.");
  private static final Setting<URI> HOOK =
      Setting.url("alerting.hook", null, true, "Where alerts go.");
  private static final Setting<Boolean> OPEN = Setting.flag("gateway.open", false, "Open.");
  private static final Setting<List<String>> TOPICS = Setting.list("gateway.topics", "", "Topics.");
  private static final List<Setting<?>> KNOWN =
      List.of(THREADS, DELAY, NAME, KEY, HOOK, OPEN, TOPICS);

  @TempDir private Path directory;

  @Test
  void load_takesDefaultsThenFileThenEnvironmentThenOverrides() throws IOException {
    Path file = write("streams: {threads: 2, close_delay: 500ms, name: from file}");

    assertThat(load(null, Map.of(), Map.of()).get(THREADS)).isEqualTo(1);
    assertThat(load(file, Map.of(), Map.of()).get(THREADS)).isEqualTo(2);
    Map<String, String> environment = Map.of("PETREL_STREAMS_THREADS", "3", "HOME", "/x");
    assertThat(load(file, environment, Map.of()).get(THREADS)).isEqualTo(3);
    Settings all = load(file, environment, Map.of("streams.threads", "4"));
    assertThat(all.get(THREADS)).isEqualTo(4);
    assertThat(all.get(DELAY)).isEqualTo(Duration.ofMillis(500));
    assertThat(all.get(NAME)).isEqualTo("from file");
  }

  @Test
  void load_readsFlagsAndLists() {
    assertThat(load(null, Map.of(), Map.of()).get(OPEN)).isFalse();
    assertThat(load(null, Map.of(), Map.of()).get(TOPICS)).isEmpty();

    Settings set = load(null, Map.of(), Map.of("gateway.open", "True", "gateway.topics", "a, b,"));

    assertThat(set.get(OPEN)).isTrue();
    assertThat(set.get(TOPICS)).containsExactly("a", "b");
    assertThatThrownBy(() -> load(null, Map.of(), Map.of("gateway.open", "yes")))
        .hasMessageContaining("gateway.open: 'yes' is not allowed; must be true or false");
  }

  @Test
  void load_refusesUnknownKeysNamingThem() throws IOException {
    Path file = write("streams: {treads: 2}");

    assertThatThrownBy(() -> load(file, Map.of(), Map.of()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("streams.treads: unknown key")
        .hasMessageContaining("streams.threads");
    assertThatThrownBy(() -> load(null, Map.of("PETREL_STREAMS_TREADS", "2"), Map.of()))
        .hasMessageContaining("PETREL_STREAMS_TREADS: unknown key in environment");
    assertThatThrownBy(() -> load(null, Map.of(), Map.of("x", "2")))
        .hasMessageContaining("x: unknown key in options");
  }

  @Test
  void load_refusesBadValuesNamingKeyValueAndWhatIsAllowed() throws IOException {
    Path file = write("streams: {threads: 65}");

    assertThatThrownBy(() -> load(file, Map.of(), Map.of()))
        .hasMessage("streams.threads: '65' is not allowed; must be a whole number from 1 to 64");
    assertThatThrownBy(() -> load(null, Map.of(), Map.of("streams.close_delay", "soon")))
        .hasMessageContaining("'soon' is not allowed; must be a duration such as 500ms");
  }

  @Test
  void load_readsSecretsFromEnvironmentAndFilesOnly() throws IOException {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "s3cret\n");

    assertThat(load(null, Map.of("PETREL_ALERTING_KEY", "abc"), Map.of()).get(KEY))
        .isEqualTo("abc");
    assertThat(load(null, Map.of("PETREL_ALERTING_KEY_FILE", secret.toString()), Map.of()).get(KEY))
        .isEqualTo("s3cret");
    assertThat(load(write("alerting: {key_file: '" + secret + "'}"), Map.of(), Map.of()).get(KEY))
        .isEqualTo("s3cret");
    Path open = write("alerting: {key: abc}");
    assertThatThrownBy(() -> load(open, Map.of(), Map.of()))
        .hasMessageContaining("a secret must not be in the configuration file")
        .hasMessageContaining("PETREL_ALERTING_KEY");
  }

  @Test
  void load_neverShowsASecret() {
    assertThatThrownBy(() -> load(null, Map.of("PETREL_ALERTING_HOOK", "s3cret url"), Map.of()))
        .hasMessageContaining("alerting.hook")
        .hasMessageNotContaining("s3cret");
    assertThat(load(null, Map.of("PETREL_ALERTING_KEY", "s3cret"), Map.of()).toString())
        .doesNotContain("s3cret");
  }

  @Test
  void load_saysWhenTheFileIsNoYaml() throws IOException {
    Path file = write("streams: {threads");

    assertThatThrownBy(() -> load(file, Map.of(), Map.of()))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("is not YAML");
    assertThatThrownBy(() -> load(directory.resolve("gone.yml"), Map.of(), Map.of()))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void get_saysHowToSetWhatIsRequired() {
    Settings settings = load(null, Map.of(), Map.of());

    assertThat(settings.find(NAME)).isNull();
    assertThatThrownBy(() -> settings.get(NAME))
        .hasMessageContaining("streams.name: is required")
        .hasMessageContaining("PETREL_STREAMS_NAME");
  }

  private static Settings load(
      Path file, Map<String, String> environment, Map<String, String> overrides) {
    return Settings.load(file, environment, overrides, KNOWN);
  }

  private Path write(String yaml) throws IOException {
    Path file = Files.createTempFile(directory, "petrel", ".yml");
    Files.writeString(file, yaml);
    return file;
  }
}
