// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.accounts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.stats.Accounts;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What has become of all calls of the installation: the newest account of each partition.
 *
 * @param accounts by key: {@code calls-<partition>} are about the records of a partition of {@code
 *     llm-calls}, {@code scopes-<partition>} about the aggregates
 */
public record Conservation(SortedMap<String, Accounts> accounts) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CALLS = "calls-";

  public Conservation {
    accounts = Collections.unmodifiableSortedMap(new TreeMap<>(accounts));
  }

  /** The sums of all accounts. */
  public Accounts total() {
    Accounts total = Accounts.NONE;
    for (Accounts each : accounts.values()) {
      total = total.plus(each);
    }
    return total;
  }

  /** Attempts that are counted and not yet in published aggregates; 0 when idle. */
  public long inFlight() {
    Accounts total = total();
    // An account of aggregates can be read an instant before that of the calls in them.
    return Math.max(0, total.aggregated() - total.merged());
  }

  /** The accounts of the partitions of {@code llm-calls}, by partition. */
  public SortedMap<Integer, Accounts> ofCalls() {
    SortedMap<Integer, Accounts> calls = new TreeMap<>();
    accounts.forEach(
        (key, account) -> {
          if (key.startsWith(CALLS)) {
            calls.put(account.partition(), account);
          }
        });
    return calls;
  }

  /** The JSON object of {@code /api/conservation}. */
  public byte[] json() {
    Accounts total = total();
    ObjectNode object = JSON.createObjectNode();
    writeSums(object, total).put("difference", total.difference()).put("in_flight", inFlight());
    ArrayNode partitions = object.putArray("partitions");
    for (Map.Entry<String, Accounts> entry : accounts.entrySet()) {
      Accounts account = entry.getValue();
      ObjectNode partition = partitions.addObject();
      partition
          .put("key", entry.getKey())
          .put("partition", account.partition())
          .put("first_offset", account.firstOffset())
          .put("next_offset", account.nextOffset());
      writeSums(partition, account);
    }
    return object.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode writeSums(ObjectNode object, Accounts accounts) {
    return object
        .put("accepted", accounts.accepted())
        .put("aggregated", accounts.aggregated())
        .put("dead_lettered", accounts.deadLettered())
        .put("duplicates", accounts.duplicates())
        .put("beyond_retention", accounts.beyondRetention())
        .put("merged", accounts.merged());
  }
}
