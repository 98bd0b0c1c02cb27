// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.event.errors.Classification;
import dev.petrel.event.errors.ErrorClassifier;
import dev.petrel.event.errors.ErrorReport;
import dev.petrel.event.redaction.Redactor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code petrel classify}. */
@Command(
    name = "classify",
    description = {
      "Says why LLM calls failed: reads JSON lines of provider, status, headers and body, any of"
          + " which may be absent, and prints each with error_type, error_detail, retryable, fault"
          + " and the rule that decided.",
      "The body may be a response's, an exception's text or a log line. A line that cannot be read"
          + " gives a line that says so, and exit code 1."
    },
    mixinStandardHelpOptions = true)
final class ClassifyCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "What to read (default: standard input).")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--text",
      description = "Takes each line as the text of an error, for example from a log.")
  private boolean text;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "The provider where a line names none.")
  private @Nullable String provider;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    boolean allRead = true;
    if (files.isEmpty()) {
      allRead = classify(System.in);
    }
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        allRead &= classify(in);
      }
    }
    return allRead ? 0 : 1;
  }

  private boolean classify(InputStream in) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    // Bytes that are no UTF-8 come from logs too; they are replaced, not refused.
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    boolean allRead = true;
    long number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      ObjectNode answer;
      try {
        answer = text ? ofText(line) : ofJson(line);
      } catch (IllegalArgumentException e) {
        answer =
            JsonNodeFactory.instance
                .objectNode()
                .put("line", number)
                .put("rejected", e.getMessage());
        allRead = false;
      }
      redact(answer);
      out.println(JSON.writeValueAsString(answer));
    }
    return allRead;
  }

  /** What is printed here is pasted into tickets. */
  private static void redact(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        if (member.getValue().isTextual()) {
          // With its name, which may be that of a secret.
          String name = member.getKey() + ": ";
          String redacted = Redactor.standard().redact(name + member.getValue().textValue());
          object.put(
              member.getKey(),
              redacted.startsWith(name) ? redacted.substring(name.length()) : redacted);
        }
      }
    }
    node.forEach(ClassifyCommand::redact);
  }

  private ObjectNode ofText(String line) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("body", line);
    return put(answer, ErrorReport.ofText(provider, line));
  }

  private ObjectNode ofJson(String line) {
    JsonNode read;
    try {
      read = JSON.readTree(line);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON; plain lines are read with --text", e);
    }
    if (!(read instanceof ObjectNode object)) {
      throw new IllegalArgumentException("not a JSON object");
    }
    String named = object.path("provider").asText("");
    return put(
        object,
        ErrorReport.ofResponse(
            named.isBlank() ? provider : named,
            status(object.get("status")),
            headers(object.get("headers")),
            body(object.get("body"))));
  }

  private static ObjectNode put(ObjectNode answer, ErrorReport report) {
    Classification found = ErrorClassifier.standard().classify(report);
    return answer
        .put("error_type", found.type().wireName())
        .put("error_detail", found.detail())
        .put("retryable", found.retryable())
        .put("fault", found.fault().wireName())
        .put("rule", found.rule());
  }

  private static @Nullable Integer status(@Nullable JsonNode status) {
    if (status == null || status.isNull()) {
      return null;
    }
    String digits = status.asText("");
    if (!digits.matches("[1-9]\\d{2}")) {
      throw new IllegalArgumentException(
          "status must be an HTTP status such as 429, was " + status);
    }
    return Integer.valueOf(digits);
  }

  private static Map<String, String> headers(@Nullable JsonNode headers) {
    if (headers == null || headers.isNull()) {
      return Map.of();
    }
    if (!headers.isObject()) {
      throw new IllegalArgumentException("headers must be an object");
    }
    Map<String, String> values = new LinkedHashMap<>();
    headers
        .properties()
        .forEach(
            header -> {
              JsonNode value = header.getValue();
              values.put(header.getKey(), (value.isArray() ? value.path(0) : value).asText(""));
            });
    return values;
  }

  /** A body that is JSON may be given as such. */
  private static @Nullable String body(@Nullable JsonNode body) {
    if (body == null || body.isNull()) {
      return null;
    }
    return body.isTextual() ? body.textValue() : body.toString();
  }
}
