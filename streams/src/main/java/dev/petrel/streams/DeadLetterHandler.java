// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.InvalidEventException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends records that are no valid event to the dead letter topic, in the transaction that skips
 * them, and lets every other failure stop the thread.
 *
 * <p>Headers: {@code petrel-reason} (the kind of defect), {@code petrel-field} (when one field is
 * at fault), {@code petrel-message}, {@code petrel-source-topic}, {@code -partition}, {@code
 * -offset}, and {@code petrel-truncated-from} with the original size when the value had to be cut.
 * Key, value and the record's own headers stay as they were.
 */
public final class DeadLetterHandler implements ProcessingExceptionHandler {

  /** Room for headers under the largest request; a compressed batch can hold larger values. */
  static final int MAX_VALUE_BYTES = 2 * 1024 * 1024;

  private String topic = "";

  /** Called by Kafka Streams. */
  public DeadLetterHandler() {}

  @Override
  public void configure(Map<String, ?> configs) {
    topic = String.valueOf(configs.get(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG));
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    if (!(exception instanceof InvalidRecordException invalid)) {
      return Response.fail();
    }
    byte[] key = (byte[]) record.key();
    byte[] value = (byte[]) record.value();
    boolean cut = value != null && value.length > MAX_VALUE_BYTES;
    byte[] kept = cut ? Arrays.copyOf(value, MAX_VALUE_BYTES) : value;
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(topic, null, record.timestamp(), key, kept, record.headers());
    Headers headers = letter.headers();
    InvalidEventException defect = invalid.defect();
    add(headers, "petrel-reason", defect.reason().wireName());
    if (defect.field() != null) {
      add(headers, "petrel-field", defect.field());
    }
    add(headers, "petrel-message", String.valueOf(defect.getMessage()));
    add(headers, "petrel-source-topic", context.topic());
    add(headers, "petrel-source-partition", Integer.toString(context.partition()));
    add(headers, "petrel-source-offset", Long.toString(context.offset()));
    if (cut) {
      add(headers, "petrel-truncated-from", Integer.toString(value.length));
    }
    return Response.resume(List.of(letter));
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
