// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.flink;

import dev.petrel.bench.Counts;
import dev.petrel.bench.Totals;
import java.nio.charset.StandardCharsets;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Writes the counts of a window that is over as JSON. */
final class CountedWindow extends ProcessWindowFunction<Counts, byte[], String, TimeWindow> {

  private static final long serialVersionUID = 1;

  CountedWindow() {}

  @Override
  public void process(
      String key, Context context, Iterable<Counts> windowed, Collector<byte[]> out) {
    for (Counts counts : windowed) {
      out.collect(json(key, context.window(), counts).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Keys are the load's own: nothing in them has to be escaped. */
  private static String json(String key, TimeWindow window, Counts counts) {
    Totals totals = counts.totals();
    StringBuilder json = new StringBuilder(256);
    json.append("{\"key\":\"").append(key);
    json.append("\",\"window_start\":").append(window.getStart());
    json.append(",\"attempts\":").append(totals.attempts());
    json.append(",\"errors\":").append(totals.errors());
    json.append(",\"input_tokens\":").append(totals.inputTokens());
    json.append(",\"output_tokens\":").append(totals.outputTokens());
    json.append(",\"cost_nano_usd\":").append(totals.costNanoUsd());
    json.append(",\"latency\":[");
    for (int i = 0; i < counts.latency.length; i++) {
      json.append(i == 0 ? "" : ",").append(counts.latency[i]);
    }
    return json.append("]}").toString();
  }
}
