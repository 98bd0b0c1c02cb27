// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request held: calls, items that cannot be calls though they should, and how many were
 * passed over because they are something else, by reason.
 *
 * @param calls in the request's order
 * @param rejections in the request's order
 * @param skipped counts by reason
 */
public record Decoded(
    List<DecodedCall> calls, List<Rejection> rejections, Map<String, Integer> skipped) {

  public Decoded {
    calls = List.copyOf(calls);
    rejections = List.copyOf(rejections);
    skipped = Map.copyOf(skipped);
  }

  /** Collects what a decoder finds. Not thread-safe. */
  public static final class Builder {
    private final List<DecodedCall> calls = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private final Map<String, Integer> skipped = new TreeMap<>();

    /** Nothing found yet. */
    public Builder() {}

    /** A call. */
    public void call(DecodedCall call) {
      calls.add(call);
    }

    /** An item that cannot be one. */
    public void reject(Rejection rejection) {
      rejections.add(rejection);
    }

    /** An item that is something else. */
    public void skip(String reason) {
      skipped.merge(reason, 1, Integer::sum);
    }

    /** All that was found. */
    public Decoded build() {
      return new Decoded(calls, rejections, skipped);
    }
  }
}
