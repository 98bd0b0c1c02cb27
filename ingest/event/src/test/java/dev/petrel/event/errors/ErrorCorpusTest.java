// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Real errors with known truth, where a corpus is at hand: {@code -Dpetrel.error-corpus=FILE}, or
 * {@code shared/data/error-corpus.jsonl} beside the checkout. Lines of {@code provider}, {@code
 * status}, {@code headers}, {@code body}, {@code expected_type}, {@code also_acceptable}.
 */
class ErrorCorpusTest {

  private static final double WANTED = 0.97;

  private record Entry(
      Map<String, String> fields, Map<String, String> headers, List<String> right) {

    ErrorReport report() {
      String status = fields.get("status");
      return ErrorReport.ofResponse(
          fields.get("provider"),
          status == null ? null : Integer.valueOf(status),
          headers,
          fields.get("body"));
    }
  }

  @Test
  void classify_isRightOnRealErrors() throws IOException {
    Path corpus =
        Path.of(
            System.getProperty("petrel.error-corpus", "../../../shared/data/error-corpus.jsonl"));
    assumeThat(corpus).exists();
    List<String> wrong = new ArrayList<>();
    List<String> lines = Files.readAllLines(corpus);

    for (String line : lines) {
      Entry entry = entry(line);
      Classification found = ErrorClassifier.standard().classify(entry.report());
      if (!entry.right().contains(found.type().wireName())) {
        wrong.add(
            "%s: %s by %s, not %s"
                .formatted(entry.fields().get("id"), found.type(), found.rule(), entry.right()));
      }
    }

    assertThat(1 - (double) wrong.size() / lines.size())
        .as("share of %d; wrong: %s", lines.size(), wrong)
        .isGreaterThanOrEqualTo(WANTED);
  }

  private static Entry entry(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    Map<String, String> headers = new HashMap<>();
    List<String> right = new ArrayList<>();
    try (JsonParser parser = JsonFactory.builder().build().createParser(line)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken value = parser.nextToken();
        if (name.equals("headers")) {
          for (String header = parser.nextFieldName();
              header != null;
              header = parser.nextFieldName()) {
            headers.put(header, parser.nextTextValue());
          }
        } else if (value == JsonToken.START_ARRAY) {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            right.add(parser.getText());
          }
        } else if (value != JsonToken.VALUE_NULL) {
          fields.put(name, parser.getText());
        }
      }
    }
    right.add(fields.getOrDefault("expected_type", ""));
    return new Entry(fields, headers, right);
  }
}
