// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import org.jspecify.annotations.Nullable;

/**
 * A record that is no valid call event.
 *
 * <p>Its message names the field and the rule, and quotes no text of the record: what could not be
 * read could hold anything, a prompt or a key too.
 */
public final class InvalidEventException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The kind of defect: what dead letters are counted by. */
  public enum Reason implements WireNamed {
    /** The record has no value. */
    EMPTY("empty"),
    /** Not JSON, or not one JSON object. */
    MALFORMED("malformed"),
    /** JSON that ends too early. */
    TRUNCATED("truncated"),
    /** Bytes that are not UTF-8. */
    INVALID_UTF8("invalid_utf8"),
    /** Deeper nesting, longer names or longer texts than any event needs. */
    TOO_LARGE("too_large"),
    /** A schema version that this release does not know. */
    UNSUPPORTED_VERSION("unsupported_version"),
    /** A required field is absent. */
    MISSING_FIELD("missing_field"),
    /** A field occurs twice. */
    DUPLICATE_FIELD("duplicate_field"),
    /** A value of the wrong JSON type. */
    WRONG_TYPE("wrong_type"),
    /** A value that cannot be true, for example a negative token count. */
    IMPOSSIBLE_VALUE("impossible_value");

    private final String wireName;

    Reason(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }
  }

  private final Reason reason;
  private final @Nullable String field;

  InvalidEventException(Reason reason, @Nullable String field, String rule) {
    // No stack trace: a flood of bad records must stay cheap, and the place says nothing.
    super(field == null ? rule : field + ": " + rule, null, false, false);
    this.reason = reason;
    this.field = field;
  }

  /** The kind of defect. */
  public Reason reason() {
    return reason;
  }

  /** The JSON name of the field at fault; null when the record as a whole is. */
  public @Nullable String field() {
    return field;
  }
}
