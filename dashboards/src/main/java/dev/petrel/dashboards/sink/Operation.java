// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One write that a record asks for.
 *
 * @param kind what a conflict with a stored version means
 * @param index the index
 * @param id the document's id
 * @param part which of the parts of a document that have writes of their own; empty where there are
 *     none
 * @param revision of two writes of one kind to one document, the one with the higher revision is
 *     kept; the later one when they are equal
 * @param lines action and source as two lines of a bulk request, each with its line end
 * @param record what it was made of
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Operation(
    Kind kind,
    String index,
    String id,
    String part,
    long revision,
    byte[] lines,
    ConsumerRecord<byte[], byte[]> record) {

  enum Kind {
    /** The whole document, with a version: a conflict says that a newer one is stored. */
    REPLACE,
    /** Some fields of the document: a conflict says that another write came between. */
    UPDATE
  }

  /** Two operations with one key write the same fields of the same document. */
  String key() {
    return record.topic() + '|' + index + '|' + id + '|' + part;
  }
}
