// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A few ids out of many, the same ones in whatever order and parts they come: those whose hashes
 * are the smallest, which makes them a uniform sample. Not thread-safe.
 */
final class SampleIds {

  private static final int CAPACITY = 5;

  private final List<String> ids = new ArrayList<>(CAPACITY + 1);

  void add(String id) {
    int at = ids.size();
    while (at > 0 && compare(id, ids.get(at - 1)) < 0) {
      at--;
    }
    if (at == CAPACITY || (at > 0 && ids.get(at - 1).equals(id))) {
      return;
    }
    ids.add(at, id);
    if (ids.size() > CAPACITY) {
      ids.remove(CAPACITY);
    }
  }

  private static int compare(String a, String b) {
    int byHash = Integer.compareUnsigned(mixed(a.hashCode()), mixed(b.hashCode()));
    return byHash == 0 ? a.compareTo(b) : byHash;
  }

  /** Ids with a common prefix have similar hash codes: this spreads them (MurmurHash3's fmix32). */
  private static int mixed(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }

  void merge(SampleIds other) {
    other.ids.forEach(this::add);
  }

  List<String> ids() {
    return List.copyOf(ids);
  }

  boolean isEmpty() {
    return ids.isEmpty();
  }

  int encodedSizeBound() {
    int bytes = Varints.MAX_BYTES;
    for (String id : ids) {
      bytes += Varints.MAX_BYTES + 3 * id.length();
    }
    return bytes;
  }

  void encode(ByteBuffer out) {
    Varints.put(out, ids.size());
    for (String id : ids) {
      Varints.putText(out, id.getBytes(StandardCharsets.UTF_8));
    }
  }

  void merge(ByteBuffer in) {
    for (long left = Varints.get(in); left > 0; left--) {
      add(Varints.getText(in));
    }
  }
}
