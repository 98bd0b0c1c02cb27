// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;

/** All that needs jackson-dataformat-yaml, which may be absent. */
final class YamlFormat {
  private YamlFormat() {}

  static JsonParser parser(Reader reader) throws IOException {
    return new YAMLFactory().createParser(reader);
  }

  /** Whether the value is a reference to an anchor; {@code model: *mini} is one, unquoted. */
  static boolean isAlias(JsonParser parser) throws IOException {
    return parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
  }
}
