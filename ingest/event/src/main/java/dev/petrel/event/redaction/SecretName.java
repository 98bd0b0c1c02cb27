// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

/**
 * A name whose value is secret: that of a header, parameter, variable or member.
 *
 * @param name in lower case, without separators: {@code apikey} stands for {@code X-Api-Key} and
 *     {@code OPENAI_API_KEY}, whatever comes before it
 * @param extent how far a value without quotes reaches
 */
record SecretName(String name, String kind, Certainty certainty, Extent extent) {

  /** How sure it is that the value is secret. */
  enum Certainty {
    /** Whatever it looks like, unless it is a word of an error message. */
    SURE,
    /** As {@link #SURE} in a URL's query, else if it looks like a key; the name is a whole word. */
    IF_OPAQUE
  }

  /** How far a value without quotes reaches. */
  enum Extent {
    /** To the next blank or separator. */
    WORD,
    /** As {@link #WORD}, after a scheme such as {@code Bearer}, which is kept. */
    CREDENTIALS,
    /** To the end of the line. */
    LINE
  }
}
