// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.launcher.replay.CsvFormat;
import dev.petrel.launcher.replay.FieldMapping;
import dev.petrel.launcher.replay.JsonLinesFormat;
import dev.petrel.launcher.replay.PetrelFormat;
import dev.petrel.launcher.replay.RecordingFormat;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How files of recorded calls are read. */
final class RecordingOptions {

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "petrel (one event a line), csv or jsonl (default: csv for *.csv, jsonl with --map, else"
              + " petrel).")
  private @Nullable String format;

  @Option(
      names = "--map",
      paramLabel = "FIELD=COLUMN,…",
      description =
          "Which column is which event field, for csv and jsonl; error=COLUMN for a boolean that"
              + " tells failures. Columns of nested JSON are paths with dots.")
  private @Nullable String map;

  /**
   * The format of a file.
   *
   * @throws ParameterException when the options do not go together
   */
  RecordingFormat formatOf(Path file, CommandSpec spec) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String base = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    String chosen = format;
    if (chosen == null) {
      chosen = base.endsWith(".csv") ? "csv" : map != null ? "jsonl" : "petrel";
    }
    return switch (chosen) {
      case "petrel" -> {
        if (map != null) {
          throw usage(spec, "--map goes with csv and jsonl; the petrel format needs none");
        }
        yield new PetrelFormat(new LlmCallEventCodec(InstantSource.system()));
      }
      case "csv" -> new CsvFormat(mapping(spec));
      case "jsonl" -> new JsonLinesFormat(mapping(spec));
      default -> throw usage(spec, "--format: was '" + chosen + "', must be petrel, csv or jsonl");
    };
  }

  private FieldMapping mapping(CommandSpec spec) {
    if (map == null) {
      throw usage(
          spec, "csv and jsonl need --map, for example --map timestamp=time,tenant=customer");
    }
    try {
      return FieldMapping.parse(map);
    } catch (IllegalArgumentException e) {
      throw usage(spec, String.valueOf(e.getMessage()));
    }
  }

  private static ParameterException usage(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
