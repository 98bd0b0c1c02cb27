// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

/** A secret found in a text: where it is, the end exclusive, and its kind. */
record Secret(int start, int end, String kind) {

  /** Begins every token that stands for a secret. */
  static final String TOKEN_START = "[redacted:";

  /** Like {@code [redacted:openai-key]}. */
  String token() {
    return TOKEN_START + kind + "]";
  }
}
