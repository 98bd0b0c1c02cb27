// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.nio.charset.StandardCharsets;

/**
 * Picks a few scalar values out of JSON that comes in pieces, in bounded memory whatever its size.
 *
 * <p>A parser, also one that does not block, keeps each string until it is complete: an answer with
 * an image would be held in memory a second time. This one keeps a hash of the path to where it is
 * and the bytes of values at wanted paths, {@value #MAX_VALUE} at most, and allocates nothing for
 * all the rest. Arrays add nothing to a path: {@code choices.finish_reason} is that of any choice.
 *
 * <p>It is no validator: of text that is not JSON it makes nothing, or nonsense. One document after
 * another (NDJSON) is fine. Not thread-safe.
 */
final class JsonScanner {

  /** Takes the values at wanted paths. */
  interface Values {
    /**
     * A value as it stands in the document, strings without quotes and with escapes as they are.
     *
     * @param path the number that its path has in the {@link JsonPaths}
     */
    void value(int path, String value);
  }

  static final int MAX_VALUE = 256;
  private static final int MAX_DEPTH = 32;

  private final JsonPaths paths;
  private final Values values;

  private final long[] hashes = new long[MAX_DEPTH + 1];
  private final boolean[] isObject = new boolean[MAX_DEPTH + 1];
  private int depth;
  private boolean documentEnded;

  private boolean inString;
  private boolean escaped;
  private boolean isName;
  private boolean nameIsDue;
  private boolean inWord;
  private long nameHash;
  private int wanted = JsonPaths.NONE;

  private final byte[] captured = new byte[MAX_VALUE];
  private int capturedLength;

  JsonScanner(JsonPaths paths, Values values) {
    this.paths = paths;
    this.values = values;
    reset();
  }

  /** Forgets all: what comes next is the start of a document. */
  void reset() {
    depth = 0;
    hashes[0] = JsonPaths.ROOT;
    isObject[0] = false;
    documentEnded = false;
    inString = false;
    escaped = false;
    nameIsDue = false;
    inWord = false;
    wanted = JsonPaths.NONE;
    capturedLength = 0;
  }

  /** Whether a whole object or array has come. */
  boolean documentEnded() {
    return documentEnded;
  }

  void feed(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    while (at < end) {
      at = inString ? inString(bytes, at, end) : betweenStrings(bytes, at);
    }
  }

  private int inString(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      byte b = bytes[at];
      if (escaped) {
        escaped = false;
      } else if (b == '\\') {
        escaped = true;
      } else if (b == '"') {
        endString();
        return at + 1;
      }
      if (isName) {
        nameHash = JsonPaths.next(nameHash, b);
      } else {
        capture(b);
      }
    }
    return end;
  }

  private void endString() {
    inString = false;
    if (isName) {
      isName = false;
      nameIsDue = false;
    } else {
      endValue();
    }
  }

  private int betweenStrings(byte[] bytes, int at) {
    byte b = bytes[at];
    switch (b) {
      case '"' -> {
        inString = true;
        isName = nameIsDue;
        if (isName) {
          nameHash = JsonPaths.below(hash());
        } else {
          beginValue();
        }
      }
      case '{', '[' -> open(b == '{');
      case '}', ']' -> {
        endWord();
        close();
      }
      case ',' -> {
        endWord();
        nameIsDue = depth <= MAX_DEPTH && isObject[depth];
      }
      case ':', ' ', '\t', '\r', '\n' -> endWord();
      default -> {
        if (!inWord) {
          inWord = true;
          beginValue();
        }
        capture(b);
      }
    }
    return at + 1;
  }

  private void endWord() {
    if (inWord) {
      inWord = false;
      endValue();
    }
  }

  private void open(boolean object) {
    // Within an object, a container is the value of the name before it.
    long hash = depth <= MAX_DEPTH && isObject[depth] ? nameHash : hash();
    depth++;
    if (depth <= MAX_DEPTH) {
      hashes[depth] = hash;
      isObject[depth] = object;
    }
    nameIsDue = object && depth <= MAX_DEPTH;
  }

  private void close() {
    if (depth > 0) {
      depth--;
      documentEnded |= depth == 0;
    }
    nameIsDue = false;
  }

  private long hash() {
    return depth <= MAX_DEPTH ? hashes[depth] : 0;
  }

  private void beginValue() {
    capturedLength = 0;
    wanted =
        depth > MAX_DEPTH ? JsonPaths.NONE : paths.find(isObject[depth] ? nameHash : hashes[depth]);
  }

  private void capture(byte b) {
    if (wanted != JsonPaths.NONE && capturedLength < MAX_VALUE) {
      captured[capturedLength++] = b;
    }
  }

  private void endValue() {
    if (wanted != JsonPaths.NONE) {
      values.value(wanted, new String(captured, 0, capturedLength, StandardCharsets.UTF_8));
      wanted = JsonPaths.NONE;
    }
  }
}
