// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonScannerTest {

  private static final List<String> WANTED = List.of("a", "a.b", "a.b.c", "usage.in", "x.y");

  private final List<String> found = new ArrayList<>();
  private final JsonScanner scanner =
      new JsonScanner(
          new JsonPaths(WANTED), (path, value) -> found.add(WANTED.get(path) + "=" + value));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"a\":1}|a=1",
        "{\"a\": \"x\\\"y\" }|a=x\\\"y",
        "{\"b\":{\"a\":1},\"a\":null}|a=null",
        "{\"a\":{\"b\":true}}|a.b=true",
        "{\"a\":[{\"b\":1},{\"b\":2}]}|a.b=1,a.b=2",
        "{\"a\":[3,4]}|a=3,a=4",
        "{\"t\":\"{\\\"a\\\":9}\",\"a\":1}|a=1",
        "{\"usage\":{\"n\":{\"in\":7},\"in\":12},\"x\":{\"y\":-1.5e3}}|usage.in=12,x.y=-1.5e3",
        "[{\"usage\":{\"in\":1}},{\"usage\":{\"in\":2}}]|usage.in=1,usage.in=2",
        "{\"usage.in\":5}|usage.in=5"
      })
  void feed_findsValuesAtWantedPaths(String json, String values) {
    feed(json);

    assertThat(String.join(",", found)).isEqualTo(values);
    assertThat(scanner.documentEnded()).isTrue();
  }

  @Test
  void feed_findsTheSameInPieces() {
    String json =
        "{\"t\":\"é\\\\\",\"usage\":{\"in\":12,\"o\":[1,{\"in\":3}]},\"a\":{\"b\":{\"c\":\"xyz\"}}}";
    byte[] bytes = json.getBytes(UTF_8);
    feed(json);
    List<String> whole = List.copyOf(found);
    assertThat(whole).containsExactly("usage.in=12", "a.b.c=xyz");

    for (int cut = 0; cut <= bytes.length; cut++) {
      found.clear();
      scanner.reset();
      scanner.feed(bytes, 0, cut);
      scanner.feed(bytes, cut, bytes.length - cut);
      assertThat(found).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @Test
  void feed_cutsLongValuesAndPassesOverLongOnes() {
    feed("{\"t\":\"" + "t".repeat(100_000) + "\",\"a\":\"" + "v".repeat(1_000) + "\"}");

    assertThat(found).containsExactly("a=" + "v".repeat(JsonScanner.MAX_VALUE));
  }

  @Test
  void feed_survivesDepthBeyondItsBound() {
    feed("{\"t\":" + "[{\"a\":".repeat(500) + "1" + "}]".repeat(500) + ",\"a\":2}");

    assertThat(found).containsExactly("a=2");
  }

  @Test
  void feed_survivesAnyBytes() {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] alphabet = "{}[]\",:\\ab.1 \n\u0000".getBytes(UTF_8);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = alphabet[random.nextInt(alphabet.length)];
      }
      scanner.feed(bytes, 0, bytes.length);
    }
  }

  @Test
  void feed_findsWhatAParserFinds() throws IOException {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    System.out.println("feed_findsWhatAParserFinds: -Dpetrel.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder json = new StringBuilder();
      value(random, json, 0);
      String text = "{\"a\":" + json + "}";
      found.clear();
      scanner.reset();
      feed(text);
      assertThat(found).as("seed %d: %s", seed, text).isEqualTo(parsed(text));
    }
  }

  private static void value(Random random, StringBuilder json, int depth) {
    String[] names = {"a", "b", "c", "usage", "in", "x", "y", "z"};
    switch (random.nextInt(depth > 4 ? 3 : 5)) {
      case 0 -> json.append(random.nextInt(1000));
      case 1 ->
          json.append("\"s").append(random.nextBoolean() ? "\\\\ {\\\"a\\\":1}" : "").append('"');
      case 2 -> json.append(random.nextBoolean() ? "null" : "true");
      case 3 -> {
        json.append('[');
        for (int i = random.nextInt(4); i > 0; i--) {
          value(random, json, depth + 1);
          json.append(i > 1 ? " , " : "");
        }
        json.append(']');
      }
      default -> {
        json.append('{');
        for (int i = random.nextInt(5); i > 0; i--) {
          json.append('"').append(names[random.nextInt(names.length)]).append("\" : ");
          value(random, json, depth + 1);
          json.append(i > 1 ? "," : "\n");
        }
        json.append('}');
      }
    }
  }

  /** The reference: names above a value, arrays left out. */
  private static List<String> parsed(String json) throws IOException {
    List<String> values = new ArrayList<>();
    Deque<String> names = new ArrayDeque<>();
    String name = "";
    try (JsonParser parser = JsonFactory.builder().build().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructStart()) {
          names.addLast(name);
          name = token == JsonToken.START_ARRAY ? name : "";
        } else if (token.isStructEnd()) {
          name = names.removeLast();
          name = parser.getParsingContext().inArray() ? last(names) : name;
        } else if (token == JsonToken.FIELD_NAME) {
          name = path(names, parser.getText());
        } else if (WANTED.contains(name)) {
          values.add(name + "=" + parser.getText().replace("\\", "\\\\").replace("\"", "\\\""));
        }
      }
    }
    return values;
  }

  private static String path(Deque<String> names, String name) {
    return last(names).isEmpty() ? name : last(names) + "." + name;
  }

  private static String last(Deque<String> names) {
    return names.isEmpty() ? "" : names.getLast();
  }

  private void feed(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    scanner.feed(bytes, 0, bytes.length);
  }
}
