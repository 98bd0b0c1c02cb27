// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads YAML 1.2 into values that know their places. */
public final class YamlFile {

  private static final int MAX_CHARACTERS = 2_000_000;
  private static final int MAX_ALIASES = 50;
  private static final int MAX_NODES = 200_000;

  private final String file;
  private int nodes;

  private YamlFile(String file) {
    this.file = file;
  }

  /**
   * The root of a file.
   *
   * @param file its name in errors
   * @throws RuleFileException when it is no YAML, empty, or a mapping has a key twice
   */
  public static YamlValue read(String file, byte[] bytes) {
    return new YamlFile(file).read(text(file, bytes));
  }

  private static String text(String file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw RuleFileException.at(file, 0, "", "is not UTF-8");
    }
  }

  private YamlValue read(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setAllowDuplicateKeys(true) // found below, with the path of the key
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setCodePointLimit(MAX_CHARACTERS)
            .build();
    try {
      Node root =
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> RuleFileException.at(file, 0, "", "is empty"));
      check(root, "");
      return new YamlValue(file, "", root);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
      throw RuleFileException.at(file, line, "", "is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw RuleFileException.at(file, 0, "", "is not YAML: " + e.getMessage());
    }
  }

  /** Refuses keys that stand twice, of which one would be lost, and what is without end. */
  private void check(Node node, String path) {
    if (++nodes > MAX_NODES) {
      throw RuleFileException.at(file, 0, "", "has more than " + MAX_NODES + " values");
    }
    if (node.isRecursive() || node instanceof AnchorNode) {
      throw new YamlValue(file, path, node).error("must not contain itself");
    }
    if (node instanceof MappingNode mapping) {
      checkKeys(mapping, path);
    } else if (node instanceof CollectionNode<?> list) {
      for (Object each : list.getValue()) {
        check((Node) each, path);
      }
    }
  }

  private void checkKeys(MappingNode mapping, String path) {
    Set<String> seen = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      String here = path.isEmpty() ? key : path + "." + key;
      if (!seen.add(key)) {
        throw new YamlValue(file, here, tuple.getKeyNode()).error("stands here twice");
      }
      check(tuple.getValueNode(), here);
    }
  }
}
