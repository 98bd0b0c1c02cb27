// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifyCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();

  @Test
  void classify_printsEachLineWithItsTypeAndTheRule() throws IOException {
    int code =
        classify(
            """
            {"id": 7, "provider": "openai", "status": 429, "body": {"error": {"code": "insufficient_quota"}}}

            {"body": "java.net.UnknownHostException: api.openai.com"}
            {"status": "529", "headers": {"Retry-After": ["5"]}, "body": null}
            {}
            """);

    assertThat(code).isZero();
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0).path("id").asInt()).isEqualTo(7);
    assertThat(lines.get(0).path("error_type").asText()).isEqualTo("quota_exhausted");
    assertThat(lines.get(0).path("retryable").isBoolean()).isTrue();
    assertThat(lines.get(0).path("retryable").asBoolean()).isFalse();
    assertThat(lines.get(0).path("fault").asText()).isEqualTo("us");
    assertThat(lines.get(0).path("rule").asText()).isEqualTo("quota-code");
    assertThat(lines.get(1).path("error_type").asText()).isEqualTo("network");
    assertThat(lines.get(1).path("error_detail").asText()).isEqualTo("dns");
    assertThat(lines.get(2).path("error_type").asText()).isEqualTo("overloaded");
    assertThat(lines.get(2).path("error_detail").isNull()).isTrue();
    assertThat(lines.get(3).path("error_type").asText()).isEqualTo("unknown");
    assertThat(lines.get(3).path("rule").asText()).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "Error code: 401 - refused | not JSON; plain lines are read with --text",
        "[1] | not a JSON object",
        "{\"status\": \"soon\"} | status must be an HTTP status such as 429, was \"soon\"",
        "{\"headers\": [1]} | headers must be an object"
      })
  void classify_goesOnBehindALineThatCannotBeRead(String line, String reason) throws IOException {
    assertThat(classify(line + "\n{\"status\": 401}\n")).isEqualTo(1);
    assertThat(lines().get(0).path("line").asInt()).isEqualTo(1);
    assertThat(lines().get(0).path("rejected").asText()).isEqualTo(reason);
    assertThat(lines().get(1).path("error_type").asText()).isEqualTo("authentication");
  }

  @Test
  void classify_printsNoSecret() throws IOException {
    String key = "sk-proj-" + "a1B2c3D4".repeat(6);
    classify(
        """
        {"headers": {"Authorization": "Bearer %s", "x-api-key": "%s"}, "body": "bad key %s", "n": [{"m": "%s"}]}
        """
            .formatted(key, "0123456789abcdef0123456789abcdef", key, key));

    assertThat(out.toString()).doesNotContain("a1B2c3D4", "0123456789abcdef").contains("bad key");
    assertThat(lines()).hasSize(1);
  }

  @Test
  void classify_takesPlainLinesOfTheProviderThatIsNamed() throws IOException {
    assertThat(
            classify(
                "quotaId: GenerateRequestsPerDayPerProject, 429\n",
                "--text",
                "--provider",
                "gemini"))
        .isZero();
    assertThat(lines().get(0).path("error_type").asText()).isEqualTo("quota_exhausted");
  }

  private int classify(String text, String... options) throws IOException {
    Path file = directory.resolve("errors.jsonl");
    Files.writeString(file, text);
    String[] arguments = new String[options.length + 2];
    arguments[0] = "classify";
    arguments[1] = file.toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return Petrel.run(arguments, new PrintWriter(out), new PrintWriter(System.err));
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new java.util.ArrayList<>();
    for (String line : out.toString().split("\n")) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
