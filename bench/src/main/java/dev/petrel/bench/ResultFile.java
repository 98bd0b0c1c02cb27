// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/** Writes what a benchmark found, with all that is needed to judge it, as JSON. */
public final class ResultFile {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss").withZone(ZoneOffset.UTC);

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private final ObjectMapper json =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private final ObjectNode root = json.createObjectNode();
  private final String benchmark;
  private final Instant date;

  /** One without settings and runs. */
  public ResultFile(String benchmark, Instant date) {
    this.benchmark = benchmark;
    this.date = date;
    root.put("benchmark", benchmark);
    root.put("date", date.toString());
    ObjectNode machine = root.putObject("machine");
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("cpu", processor());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  private static String processor() {
    if (!Files.isReadable(PROCESSORS)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + PROCESSORS, e);
    }
  }

  /** Adds a setting or condition of the run, or runs: what Jackson makes of records. */
  public void put(String name, Object value) {
    root.set(name, json.valueToTree(value));
  }

  /** Adds runs under a name. */
  void putRuns(String name, List<Run> runs) {
    ArrayNode array = root.putArray(name);
    for (Run run : runs) {
      ObjectNode node = array.addObject();
      node.put("name", run.name());
      node.put("contender", run.letter());
      node.put("repetition", run.repetition());
      node.put("events_per_second", run.measured().eventsPerSecond());
      node.put("cpu_seconds_per_million", run.measured().cpuSecondsPerMillion());
      node.put("broker_cpu_seconds_per_million", run.measured().brokerCpuSecondsPerMillion());
      node.put("allocated_bytes_per_event", run.measured().allocatedBytesPerEvent());
      node.put("peak_resident_bytes", run.measured().peakResidentBytes());
      node.put("peak_live_heap_bytes", run.measured().peakLiveBytes());
      node.put("start_seconds", run.measured().startSeconds());
      node.put("seconds", run.measured().seconds());
      node.put("events", run.measured().events());
      Spread ratio = Tables.ratios(List.of(run), runs);
      if (ratio != null) {
        node.put("ratio_to_a", ratio.median());
      }
    }
  }

  /** Writes the file into {@code directory}, which is made where absent. */
  public Path write(Path directory) {
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve(benchmark + "-" + DATE.format(date) + ".json");
      json.writeValue(file.toFile(), root);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the results into " + directory, e);
    }
  }
}
