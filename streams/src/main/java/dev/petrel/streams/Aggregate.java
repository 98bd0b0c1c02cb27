// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.Measures;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The counts of a scope in a window, as they are kept. Not thread-safe. */
final class Aggregate {

  /** What an aggregate is to the cap on its kind. */
  enum Role {
    /** It is published. */
    OWN,
    /** It is beyond the cap: kept, and counted in the aggregate of all others. */
    IN_OTHER,
    /** It is the aggregate of all others. */
    OTHER;

    private static final Role[] ALL = values();
  }

  private final Measures measures;
  private Role role;
  private long revision;
  private long touched = Long.MIN_VALUE;

  Aggregate(Role role) {
    this(role, new Measures());
  }

  private Aggregate(Role role, Measures measures) {
    this.role = role;
    this.measures = measures;
  }

  Measures measures() {
    return measures;
  }

  Role role() {
    return role;
  }

  void publishFromNowOn() {
    role = Role.OWN;
  }

  /** The latest arrival of a call in it, in ms since the epoch. */
  long touched() {
    return touched;
  }

  void touch(long arrival) {
    touched = Math.max(touched, arrival);
  }

  /**
   * The next revision: wall-clock milliseconds, so that revisions grow even where the state has
   * expired; more than the one before in any case.
   */
  long nextRevision(long now) {
    revision = Math.max(revision + 1, now);
    return revision;
  }

  @SuppressWarnings("EnumOrdinal") // a byte each, in stores that live as long as their windows
  byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(2 * Long.BYTES + 1 + measures.encodedSizeBound());
    out.putLong(touched).putLong(revision).put((byte) role.ordinal());
    measures.encode(out);
    return Arrays.copyOf(out.array(), out.position());
  }

  static Aggregate fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long touched = in.getLong();
    long revision = in.getLong();
    Role role = Role.ALL[in.get()];
    Aggregate aggregate = new Aggregate(role, Measures.fromBytes(in));
    aggregate.touched = touched;
    aggregate.revision = revision;
    return aggregate;
  }

  /** {@link #touched()} of what {@link #toBytes()} gave, without reading the rest. */
  static long touchedOf(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }
}
