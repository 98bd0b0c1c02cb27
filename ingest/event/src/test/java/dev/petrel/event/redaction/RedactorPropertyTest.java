// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.redaction.SampleSecrets.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedactorPropertyTest {
  private static final Redactor REDACTOR = Redactor.standard();
  private static final int ROUNDS = 4_000;
  private static final int ROUNDS_OF_JUNK = 10_000;

  /** What an error message may be made of; nothing that makes what follows it a secret. */
  private static final String[] SCRAPS = {
    "rate limit reached",
    "gpt-4o-2024-08-06",
    "chatcmpl-9XyZ1AbCdEfGhIjKlMnOpQ",
    "{\"error\":{",
    "}}",
    "\"message\":",
    "'type': 'tokens'",
    "Limit 30000, Used 18928",
    "https://h/v1?alt=sse",
    "550e8400-e29b-41d4-a716-446655440000",
    "漢字",
    "🐦",
    "é",
    "\n",
    "\\n",
    "\\\"",
    "%20",
    "***",
    "...",
    "…",
    "==",
    "::",
    ";",
    ",",
    ".",
    "-",
    "_",
    "a=b",
    "line\ttab",
    "</p>",
    "[1]",
    "(x)",
    "\0",
    "max_tokens=1000",
    "task-0123456789abcdefghijkl",
    "sk",
    "keys",
    "eyJ",
    "org-AbCdEfGhIjKlMn",
  };

  /** Of these, one stands before a secret and one after, so that it is a word of its own. */
  private static final String[] BEFORE = {" ", "\"", "'", "(", "\\n", "\n", "é", "%20", ": ", "/"};

  private static final String[] AFTER = {" ", "\"", "'", ")", "\\n", "\n", "é", ", ", "&", "<"};

  @Test
  void redact_removesSecretsAndNothingElse() {
    Random random = seeded("redact_removesSecretsAndNothingElse");
    SampleSecrets secrets = new SampleSecrets(random);
    for (int round = 0; round < ROUNDS; round++) {
      List<Sample> samples = secrets.all();
      StringBuilder text = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      List<String> used = new ArrayList<>();
      for (int part = random.nextInt(6); part >= 0; part--) {
        String prose = prose(random) + pick(BEFORE, random);
        Sample sample = samples.get(random.nextInt(samples.size()));
        String after = pick(AFTER, random);
        text.append(prose).append(sample.secret()).append(after);
        expected.append(prose).append(KeyFormatsTest.token(sample.kind())).append(after);
        used.add(sample.body());
      }
      String redacted = REDACTOR.redact(text.toString());

      assertThat(redacted).as(text.toString()).isEqualTo(expected.toString());
      assertThat(REDACTOR.redact(redacted)).as("twice").isSameAs(redacted);
      for (String body : used) {
        assertThat(hasPartOf(body, redacted)).as(text.toString()).isFalse();
      }
    }
  }

  @Test
  void redact_leavesNothingToRedact() {
    Random random = seeded("redact_leavesNothingToRedact");
    SampleSecrets secrets = new SampleSecrets(random);
    String[] pieces = RedactorWorkTest.hostile().toArray(String[]::new);
    for (int round = 0; round < ROUNDS_OF_JUNK; round++) {
      StringBuilder text = new StringBuilder();
      for (int part = random.nextInt(1, 12); part > 0; part--) {
        text.append(pick(pieces, random));
        text.append(random.nextInt(3) == 0 ? secrets.text(SampleSecrets.WORD, 20) : "");
        text.append(random.nextInt(3) == 0 ? pick(SCRAPS, random) : "");
      }
      String redacted = REDACTOR.redact(text.toString());
      assertThat(REDACTOR.redact(redacted)).as(text.toString()).isEqualTo(redacted);
      int cut = random.nextInt(text.length() + 1);
      String bounded = REDACTOR.redact(text.toString(), cut);
      assertThat(bounded.length()).isLessThanOrEqualTo(cut);
    }
  }

  private static String prose(Random random) {
    StringBuilder prose = new StringBuilder();
    for (int scrap = random.nextInt(5); scrap > 0; scrap--) {
      prose.append(pick(SCRAPS, random)).append(' ');
    }
    return prose.toString();
  }

  private static boolean hasPartOf(String secret, String text) {
    for (int from = 0; from + 8 <= secret.length(); from++) {
      if (text.contains(secret.substring(from, from + 8))) {
        return true;
      }
    }
    return false;
  }

  private static String pick(String[] from, Random random) {
    return from[random.nextInt(from.length)];
  }

  /** Random numbers that -Dpetrel.seed=… repeats; the seed is printed. */
  private static Random seeded(String test) {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    System.out.println(test + ": -Dpetrel.seed=" + seed);
    return new Random(seed);
  }
}
