// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Settings;
import dev.petrel.service.Topics;
import dev.petrel.service.match.Matcher;
import dev.petrel.service.silence.Silence;
import dev.petrel.service.silence.SilenceReader;
import dev.petrel.service.silence.SilenceWriter;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code petrel silence}. */
@Command(
    name = "silence",
    description = "Keeps new notifications about some alerts back for some time.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      SilenceCommand.Add.class,
      SilenceCommand.ListAll.class,
      SilenceCommand.Expire.class
    })
final class SilenceCommand implements Runnable {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: petrel silence add, list or expire");
  }

  /** What the sub-commands share. */
  abstract static class OnTopic implements Callable<Integer> {

    @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

    @Spec CommandSpec spec = CommandSpec.create();

    final InstantSource clock = InstantSource.system();

    String bootstrapServers() {
      Settings settings = settingsOptions.load();
      Topics.createMissing(settings);
      return settings.get(KafkaSettings.BOOTSTRAP_SERVERS);
    }

    PrintWriter out() {
      return spec.commandLine().getOut();
    }

    static List<Silence> all(String bootstrapServers) {
      try (SilenceReader reader = new SilenceReader(bootstrapServers)) {
        return reader.readToEnd(TIMEOUT);
      }
    }
  }

  /** {@code petrel silence add}. */
  @Command(
      name = "add",
      description = "Adds a silence and prints its id.",
      mixinStandardHelpOptions = true)
  static final class Add extends OnTopic {

    @Parameters(
        arity = "1..*",
        paramLabel = "MATCHER",
        description =
            "Which alerts, such as tenant=acme, model=~\"gpt-.*\", severity!=critical; all must hold.")
    private List<String> matchers = new ArrayList<>();

    @Option(
        names = "--for",
        paramLabel = "DURATION",
        description = "How long, such as 30m, 2h, 1d.",
        required = true)
    private String length = "";

    @Option(
        names = "--from",
        paramLabel = "TIME",
        description = "When it begins, as 2026-12-01T08:00:00Z (default: now).")
    private @Nullable String from;

    @Option(
        names = "--by",
        paramLabel = "NAME",
        description = "Who wants it (default: the user of the system).")
    private String author = System.getProperty("user.name", "unknown");

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why.", required = true)
    private String comment = "";

    /** Called by picocli. */
    Add() {}

    @Override
    public Integer call() {
      Silence silence;
      try {
        silence = silence();
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
      }
      try (SilenceWriter writer = new SilenceWriter(bootstrapServers())) {
        writer.put(silence);
      }
      out().println(silence.id());
      return 0;
    }

    private Silence silence() {
      long start = from == null ? clock.millis() : time(from);
      return new Silence(
          Silence.newId(),
          matchers.stream().map(Matcher::parse).toList(),
          start,
          start + duration(length).toMillis(),
          author,
          comment);
    }

    private static long time(String text) {
      try {
        return Instant.parse(text).toEpochMilli();
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "--from: '%s' is no time; write it as 2026-12-01T08:00:00Z".formatted(text), e);
      }
    }

    private static Duration duration(String text) {
      try {
        Duration duration = Duration.parse(text.endsWith("d") ? "P" + text : "PT" + text);
        if (duration.isPositive()) {
          return duration;
        }
      } catch (DateTimeParseException e) {
        // said below, as of what is not positive
      }
      throw new IllegalArgumentException(
          "--for: '%s' is no duration; write it as 30m, 2h or 1d".formatted(text));
    }
  }

  /** {@code petrel silence list}. */
  @Command(
      name = "list",
      description = "Lists silences that are in force or still to come.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends OnTopic {

    @Option(names = "--all", description = "Lists those that are over too.")
    private boolean all;

    /** Called by picocli. */
    ListAll() {}

    @Override
    public Integer call() {
      long now = clock.millis();
      all(bootstrapServers()).stream()
          .filter(silence -> all || !silence.isExpired(now))
          .sorted(Comparator.comparingLong(Silence::endsAt))
          .forEach(
              silence ->
                  out()
                      .printf(
                          "%s  %-7s  %s to %s  %s  by %s: %s%n",
                          silence.id(),
                          silence.state(now),
                          Instant.ofEpochMilli(silence.startsAt()),
                          Instant.ofEpochMilli(silence.endsAt()),
                          silence.matchers(),
                          silence.createdBy(),
                          silence.comment()));
      return 0;
    }
  }

  /** {@code petrel silence expire}. */
  @Command(name = "expire", description = "Ends silences now.", mixinStandardHelpOptions = true)
  static final class Expire extends OnTopic {

    @Parameters(arity = "1..*", paramLabel = "ID", description = "As add and list print it.")
    private List<String> ids = new ArrayList<>();

    /** Called by picocli. */
    Expire() {}

    @Override
    public Integer call() {
      String bootstrapServers = bootstrapServers();
      List<Silence> known = all(bootstrapServers);
      int missing = 0;
      try (SilenceWriter writer = new SilenceWriter(bootstrapServers)) {
        for (String id : ids) {
          List<Silence> found = known.stream().filter(each -> each.id().equals(id)).toList();
          found.forEach(silence -> writer.put(silence.expired(clock.millis())));
          if (found.isEmpty()) {
            spec.commandLine().getErr().println("petrel: no silence with id '" + id + "'");
            missing++;
          }
        }
      }
      return missing == 0 ? 0 : 1;
    }
  }
}
