// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PriceSnapshotTest {
  private static final Path RESOURCE =
      Path.of(System.getProperty("basedir", ""))
          .resolve("src/main/resources/dev/petrel/event/prices")
          .resolve(PriceSnapshot.RESOURCE);

  static final JsonMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final String HEADER =
      """
      # What language models cost, in USD per million tokens, and how many tokens they take.
      # Derived from model_prices_and_context_window.json of LiteLLM, https://github.com/BerriAI/litellm,
      # as it was on %s. Made by a command, see docs/prices.md; not to be edited.
      #
      # LiteLLM is under the MIT License:
      #
      # Copyright (c) 2023 Berri AI
      #
      # Permission is hereby granted, free of charge, to any person obtaining a copy
      # of this software and associated documentation files (the "Software"), to deal
      # in the Software without restriction, including without limitation the rights
      # to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
      # copies of the Software, and to permit persons to whom the Software is
      # furnished to do so, subject to the following conditions:
      #
      # The above copyright notice and this permission notice shall be included in all
      # copies or substantial portions of the Software.
      #
      # THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
      # IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
      # FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
      # AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
      # LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
      # OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
      # SOFTWARE.
      #
      #version litellm-%s-%s
      """;

  /** The command that makes the snapshot, which the tests then check. */
  @BeforeAll
  static void renew() throws Exception {
    String source = System.getProperty("petrel.litellm-prices");
    if (source == null) {
      return;
    }
    String date = System.getProperty("petrel.litellm-date", "");
    assertThat(date)
        .as("-Dpetrel.litellm-date, the day on which LiteLLM had this table")
        .matches("20\\d\\d-\\d\\d-\\d\\d");
    JsonNode table = EXACT.readTree(Path.of(source).toFile());
    LiteLlmPrices prices = new LiteLlmPrices(table);
    String body = body(prices.lines());
    Files.createDirectories(RESOURCE.getParent());
    Files.writeString(
        RESOURCE, HEADER.formatted(date, date, PriceOverrides.hash(body)) + body, US_ASCII);
    System.out.println(prices.report());
  }

  private static String body(Map<String, String> lines) {
    StringBuilder body = new StringBuilder();
    lines.forEach((key, line) -> body.append(key).append(' ').append(line).append('\n'));
    return body.toString();
  }

  private static String bundled() throws IOException {
    return Files.readString(RESOURCE, US_ASCII);
  }

  @Test
  void bundled_isSortedUniqueAndReadable() throws Exception {
    List<String> keys =
        bundled()
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.substring(0, line.indexOf(' ')))
            .toList();
    assertThat(keys).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(1000);
    PriceSnapshot snapshot = PriceSnapshot.of(bundled());
    assertThat(snapshot.keys()).containsExactlyInAnyOrderElementsOf(keys);
    for (String key : keys) {
      PriceEntry entry = snapshot.entry(key);
      assertThat(entry).as(key).isNotNull();
      assertThat(key).isLowerCase().hasSizeLessThanOrEqualTo(PriceTable.MAX_NAME_LENGTH);
      if (entry.prices() != null) {
        for (ServiceTier tier : ServiceTier.values()) {
          for (long tokens : new long[] {0, 300_000, 2_000_000}) {
            assertThat(entry.prices().row(tokens, tier))
                .as(key)
                .satisfies(row -> assertThat(LongStream.of(row)).allMatch(p -> p >= 0 && p < 1e11));
          }
        }
      }
    }
  }

  @Test
  void bundled_namesItsDateAndTheHashOfItsContent() throws Exception {
    StringBuilder body = new StringBuilder();
    bundled().lines().filter(l -> !l.startsWith("#")).forEach(l -> body.append(l).append('\n'));
    assertThat(PriceSnapshot.of(bundled()).version())
        .matches("litellm-20\\d\\d-\\d\\d-\\d\\d-" + PriceOverrides.hash(body.toString()));
  }

  @Test
  void bundled_isThatOfTheClassPath() throws Exception {
    assertThat(PriceSnapshot.bundled().keys()).isNotEmpty();
    assertThat(PriceTable.bundled().version()).startsWith("litellm-20");
  }

  @Test
  void bundled_hasTheLicenceOfItsSource() throws Exception {
    assertThat(bundled()).contains("MIT License", "Copyright (c) 2023 Berri AI", "AS IS");
  }

  @Test
  void entry_refusesWhatIsNoPrice() {
    PriceSnapshot snapshot = PriceSnapshot.of("m input=2.5 speed=3\n#version x\n");
    assertThat(snapshot.version()).isEqualTo("x");
    assertThatThrownBy(() -> snapshot.entry("m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("m: speed=3 is no price and no limit");
  }
}
