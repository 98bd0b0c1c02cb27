// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The paths that a {@link JsonScanner} looks for, by hash: FNV-1a, 64 bits, over {@code
 * outer.inner}. Immutable and thread-safe.
 *
 * <p>Two paths of one hash are as good as impossible by chance, and of no use to an attacker: he
 * who writes the document may as well write the wanted path.
 */
final class JsonPaths {

  /** No wanted path. */
  static final int NONE = -1;

  /** The hash of a document's root: FNV's offset basis. */
  static final long ROOT = 0xcbf29ce484222325L;

  private static final long FNV_PRIME = 0x100000001b3L;

  private final long[] hashes;
  private final int[] numbers;
  private final int mask;

  /** Paths by their number, from 0. */
  JsonPaths(List<String> paths) {
    int capacity = Integer.highestOneBit(Math.max(paths.size(), 1)) * 4;
    hashes = new long[capacity];
    numbers = new int[capacity];
    mask = capacity - 1;
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < paths.size(); i++) {
      long hash = ROOT;
      for (int j = 0; j < paths.get(i).length(); j++) {
        hash = next(hash, (byte) paths.get(i).charAt(j));
      }
      if (!taken.add(hash)) {
        throw new IllegalArgumentException("twice or of the same hash: " + paths.get(i));
      }
      int slot = slot(hash);
      while (numbers[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      hashes[slot] = hash;
      numbers[slot] = i + 1; // 0 is free
    }
  }

  /** The number of the path with this hash, {@link #NONE} when it is not wanted. */
  int find(long hash) {
    for (int slot = slot(hash); numbers[slot] != 0; slot = (slot + 1) & mask) {
      if (hashes[slot] == hash) {
        return numbers[slot] - 1;
      }
    }
    return NONE;
  }

  private int slot(long hash) {
    return (int) (hash ^ (hash >>> 32)) & mask;
  }

  /** The hash of a path with another byte. */
  static long next(long hash, byte b) {
    return (hash ^ (b & 0xff)) * FNV_PRIME;
  }

  /** The hash that names within a container of this hash start from. */
  static long below(long hash) {
    return hash == ROOT ? ROOT : next(hash, (byte) '.');
  }
}
