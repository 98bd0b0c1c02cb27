// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.flink;

import dev.petrel.bench.Call;
import dev.petrel.bench.CallReader;
import dev.petrel.bench.Meter;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads calls at the source, and notes the moment of the first one in this JVM. */
final class CallSchema implements KafkaRecordDeserializationSchema<Call> {

  private static final long serialVersionUID = 1;

  // Flink copies a schema to each of its tasks: only what is static is shared by all of them.
  private static final AtomicReference<Meter.@Nullable Moment> FIRST = new AtomicReference<>();
  private static final AtomicReference<@Nullable Meter> METER = new AtomicReference<>();

  private transient boolean begun;

  CallSchema() {}

  static void onFirstCall(Meter meter) {
    METER.set(meter);
  }

  static Meter.Moment firstCall() {
    Meter.Moment first = FIRST.get();
    if (first == null) {
      throw new IllegalStateException("there was no call");
    }
    return first;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Call> out)
      throws IOException {
    if (!begun) {
      begun = true;
      Meter meter = METER.get();
      if (meter != null) {
        FIRST.compareAndSet(null, meter.now());
      }
    }
    // Records wait in a batch between threads: each needs an object of its own.
    Call call = new Call();
    CallReader.read(record.value(), call);
    out.collect(call);
  }

  @Override
  public TypeInformation<Call> getProducedType() {
    return TypeInformation.of(Call.class);
  }
}
