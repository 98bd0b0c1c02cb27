// SPDX-License-Identifier: Apache-2.0
package dev.petrel.appender.contract;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** A Kafka plugin that logs while it sends: what an appender must not publish in turn. */
public final class LoggingInterceptor implements ProducerInterceptor<byte[], byte[]> {
  static volatile Runnable onSend = () -> {};

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> sent) {
    onSend.run();
    return sent;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, @Nullable Exception failure) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> config) {}
}
