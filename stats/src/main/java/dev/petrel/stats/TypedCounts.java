// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.ErrorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Failed attempts by error type and name, such as that of an instance: exact for up to {@value
 * TopCounts#CAPACITY} pairs of the two, beyond that the most frequent ones, as {@link TopCounts}
 * keeps them. Not thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // as Measures: a test pins the order to the format
public final class TypedCounts {

  private static final ErrorType[] TYPES = ErrorType.values();

  /** Keys are the name behind a character for the type. */
  private final TopCounts counts = new TopCounts();

  TypedCounts() {}

  void add(ErrorType type, String name) {
    counts.add((char) ('A' + type.ordinal()) + name, 1);
  }

  void merge(TypedCounts other) {
    counts.merge(other.counts);
  }

  /** The names with the most failures of one of these types, highest first, equal ones by name. */
  public List<TopCounts.Entry> highest(Iterable<ErrorType> types) {
    TopCounts sums = new TopCounts();
    for (TopCounts.Entry entry : counts.highest(TopCounts.CAPACITY)) {
      ErrorType of = TYPES[entry.name().charAt(0) - 'A'];
      for (ErrorType type : types) {
        if (type == of) {
          sums.add(entry.name().substring(1), entry.count());
        }
      }
    }
    return sums.highest(TopCounts.CAPACITY);
  }

  /** The error types with failures of this name. */
  public List<ErrorType> typesOf(String name) {
    List<ErrorType> types = new ArrayList<>();
    for (TopCounts.Entry entry : counts.highest(TopCounts.CAPACITY)) {
      if (entry.name().length() == name.length() + 1 && entry.name().endsWith(name)) {
        types.add(TYPES[entry.name().charAt(0) - 'A']);
      }
    }
    return types;
  }

  int encodedSizeBound() {
    return counts.encodedSizeBound();
  }

  void encode(ByteBuffer out) {
    counts.encode(out);
  }

  void merge(ByteBuffer in) {
    counts.merge(in);
  }
}
