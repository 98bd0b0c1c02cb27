// SPDX-License-Identifier: Apache-2.0
package dev.petrel.opensearch.server;

import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/** A node with the modules of the OpenSearch distribution, taken from the class path. */
final class ModuleNode extends Node {
  private static final List<String> MODULES =
      List.of(
          "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
          "org.opensearch.geo.GeoModulePlugin",
          "org.opensearch.index.mapper.MapperExtrasModulePlugin",
          "org.opensearch.index.rankeval.RankEvalModulePlugin",
          "org.opensearch.index.reindex.ReindexModulePlugin",
          "org.opensearch.ingest.common.IngestCommonModulePlugin",
          "org.opensearch.join.ParentJoinModulePlugin",
          "org.opensearch.painless.PainlessModulePlugin",
          "org.opensearch.percolator.PercolatorModulePlugin",
          "org.opensearch.script.expression.ExpressionModulePlugin",
          "org.opensearch.script.mustache.MustacheModulePlugin",
          "org.opensearch.search.aggregations.matrix.MatrixAggregationModulePlugin",
          "org.opensearch.transport.Netty4ModulePlugin");

  ModuleNode(Settings settings) {
    super(
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "petrel"),
        MODULES.stream().map(ModuleNode::module).toList(),
        true);
  }

  private static PluginInfo module(String className) {
    return new PluginInfo(
        className, "", "", Version.CURRENT, "21", className, null, List.of(), false);
  }
}
