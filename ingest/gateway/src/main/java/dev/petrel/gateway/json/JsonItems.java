// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.linecorp.armeria.common.MediaType;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.Rejection;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a body into its JSON objects: one object, an array of them, objects one after the other,
 * or lines (NDJSON). Thread-safe.
 *
 * <p>In lines each stands for itself. Elsewhere, what comes behind a syntax error cannot be known,
 * and is rejected as one item.
 */
public final class JsonItems {

  /** What becomes of the text of one item. */
  @FunctionalInterface
  public interface ItemDecoder {
    /** Adds what an item is to {@code decoded}. */
    void decode(int index, byte[] json, Decoded.Builder decoded);
  }

  /** A payload of LiteLLM's nests what users nest. */
  private static final int MAX_NESTING = 256;

  /** Reads no further than what is asked for, and quotes nothing in its errors. */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private JsonItems() {}

  /** What the items of a body are. */
  public static Decoded decode(@Nullable MediaType type, byte[] body, ItemDecoder decoder) {
    Decoded.Builder decoded = new Decoded.Builder();
    if (type != null && isLines(type)) {
      decodeLines(body, decoder, decoded);
    } else {
      decodeValues(body, decoder, decoded);
    }
    return decoded.build();
  }

  private static boolean isLines(MediaType type) {
    String subtype = type.subtype();
    return subtype.contains("ndjson")
        || subtype.contains("jsonl")
        || subtype.contains("json-lines");
  }

  private static void decodeLines(byte[] body, ItemDecoder decoder, Decoded.Builder decoded) {
    int index = 0;
    int start = 0;
    while (start < body.length) {
      int end = start;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      if (!isBlank(body, start, end)) {
        decoder.decode(index++, Arrays.copyOfRange(body, start, end), decoded);
      }
      start = end + 1;
    }
  }

  private static boolean isBlank(byte[] body, int start, int end) {
    for (int i = start; i < end; i++) {
      if (body[i] != ' ' && body[i] != '\r' && body[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private static void decodeValues(byte[] body, ItemDecoder decoder, Decoded.Builder decoded) {
    int index = 0;
    int depth = 0;
    try (JsonParser parser = FACTORY.createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_ARRAY && depth == 0) {
          depth = 1;
        } else if (token == JsonToken.END_ARRAY) {
          depth = 0;
        } else {
          int start = (int) parser.currentTokenLocation().getByteOffset();
          parser.skipChildren();
          parser.finishToken();
          int end = (int) parser.currentLocation().getByteOffset();
          decoder.decode(index++, Arrays.copyOfRange(body, start, end), decoded);
        }
      }
    } catch (IOException e) {
      decoded.reject(new Rejection(index, "malformed", null, "not JSON from this item on"));
    }
  }
}
