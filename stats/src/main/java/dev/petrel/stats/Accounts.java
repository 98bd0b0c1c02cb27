// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * What has become of all records of one partition of {@code llm-calls}, as of a commit: a record of
 * {@code llm-accounts}, written in the same transaction as the results themselves.
 *
 * <p>Nothing is lost while {@code accepted = aggregated + deadLettered + duplicates +
 * beyondRetention}. {@code merged} is the check behind it: attempts that have arrived in aggregates
 * of all calls. It belongs to another partitioning, so that only the sums over all partitions
 * compare, and they are equal when nothing is on its way.
 *
 * @param partition the partition
 * @param firstOffset offset of the first record that was read; -1 before any
 * @param nextOffset offset behind the last record that was read; -1 before any
 * @param accepted records read
 * @param aggregated records counted in aggregates
 * @param deadLettered records that are no valid event
 * @param duplicates records whose event had been counted before
 * @param beyondRetention records too late to be counted
 * @param merged attempts in published aggregates of all calls, rollups aside
 */
public record Accounts(
    int partition,
    long firstOffset,
    long nextOffset,
    long accepted,
    long aggregated,
    long deadLettered,
    long duplicates,
    long beyondRetention,
    long merged) {

  /** Accounts of nothing, to add to. */
  public static final Accounts NONE = new Accounts(-1, -1, -1, 0, 0, 0, 0, 0, 0);

  private static final JsonFactory FACTORY = new JsonFactory();

  /** Records that are in no account: 0, unless something is wrong. */
  public long difference() {
    return accepted - aggregated - deadLettered - duplicates - beyondRetention;
  }

  /**
   * Offsets that no record was read at: 0, or the markers of producers that write in transactions,
   * or records that the topic lost before they were read.
   */
  public long unreadOffsets() {
    return nextOffset - firstOffset - accepted;
  }

  /** The sums of both; partition and offsets are of no meaning then. */
  public Accounts plus(Accounts other) {
    return new Accounts(
        -1,
        -1,
        -1,
        accepted + other.accepted,
        aggregated + other.aggregated,
        deadLettered + other.deadLettered,
        duplicates + other.duplicates,
        beyondRetention + other.beyondRetention,
        merged + other.merged);
  }

  /** The JSON form, UTF-8. */
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      generator.writeStartObject();
      generator.writeNumberField("partition", partition);
      generator.writeNumberField("first_offset", firstOffset);
      generator.writeNumberField("next_offset", nextOffset);
      generator.writeNumberField("accepted", accepted);
      generator.writeNumberField("aggregated", aggregated);
      generator.writeNumberField("dead_lettered", deadLettered);
      generator.writeNumberField("duplicates", duplicates);
      generator.writeNumberField("beyond_retention", beyondRetention);
      generator.writeNumberField("merged", merged);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes every byte
    }
    return out.toByteArray();
  }

  /**
   * Reads the JSON form; an account that it does not have is 0.
   *
   * @throws IllegalArgumentException when it is no such JSON
   */
  public static Accounts decode(byte[] json) {
    long[] values = {-1, -1, -1, 0, 0, 0, 0, 0, 0};
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("accounts that are no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = Objects.requireNonNull(parser.currentName());
        parser.nextToken();
        switch (name) {
          case "partition" -> values[0] = parser.getIntValue();
          case "first_offset" -> values[1] = parser.getLongValue();
          case "next_offset" -> values[2] = parser.getLongValue();
          case "accepted" -> values[3] = parser.getLongValue();
          case "aggregated" -> values[4] = parser.getLongValue();
          case "dead_lettered" -> values[5] = parser.getLongValue();
          case "duplicates" -> values[6] = parser.getLongValue();
          case "beyond_retention" -> values[7] = parser.getLongValue();
          case "merged" -> values[8] = parser.getLongValue();
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("accounts that are not JSON", e);
    }
    return new Accounts(
        (int) values[0],
        values[1],
        values[2],
        values[3],
        values[4],
        values[5],
        values[6],
        values[7],
        values[8]);
  }
}
