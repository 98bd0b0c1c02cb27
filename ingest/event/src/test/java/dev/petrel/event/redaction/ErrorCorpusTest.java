// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

/** Real error bodies of providers, which are looked for beside the project, and skipped without. */
class ErrorCorpusTest {
  private static final String FILE = "shared/data/error-corpus.jsonl";

  @Test
  void redact_changesNothingButKeys() throws IOException {
    Path corpus = find();
    assumeTrue(corpus != null, "no " + FILE + " above the project");
    ObjectMapper mapper = new ObjectMapper();
    List<String> changed = new ArrayList<>();
    int bodies = 0;
    for (String line : Files.readAllLines(corpus)) {
      String body = mapper.readTree(line).get("body").asString();
      String redacted = Redactor.standard().redact(body);
      if (!redacted.equals(body)) {
        changed.add(around(redacted));
      }
      assertThat(Redactor.standard().redact(redacted)).isEqualTo(redacted);
      bodies++;
    }
    assertThat(bodies).isGreaterThan(100);
    assertThat(changed)
        .containsExactlyInAnyOrder(
            " provided: [redacted:api-key].",
            " provided: [redacted:api-key].",
            " provided: [redacted:api-key].",
            "provided: <[redacted:api-key]>",
            "r api key: [redacted:api-key] ",
            "on: Bearer [redacted:authorization])",
            "on: Bearer [redacted:authorization])");
  }

  private static String around(String redacted) {
    int token = redacted.indexOf("[redacted:");
    assertThat(redacted.indexOf("[redacted:", token + 1)).as(redacted).isNegative();
    return redacted.substring(Math.max(0, token - 11), redacted.indexOf(']', token) + 2);
  }

  private static @Nullable Path find() {
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      if (Files.isRegularFile(dir.resolve(FILE))) {
        return dir.resolve(FILE);
      }
    }
    return null;
  }
}
