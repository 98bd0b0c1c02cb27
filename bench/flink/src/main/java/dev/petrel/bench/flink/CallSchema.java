// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.flink;

import dev.petrel.bench.Call;
import dev.petrel.bench.CallReader;
import dev.petrel.bench.Meter;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads calls at the source, and notes the moment from which on this JVM is measured. */
final class CallSchema implements KafkaRecordDeserializationSchema<Call> {

  private static final long serialVersionUID = 1;

  // Flink copies a schema to each of its tasks: only what is static is shared by all of them.
  private static final AtomicReference<Meter.@Nullable Moment> BEGIN = new AtomicReference<>();
  private static final AtomicReference<@Nullable Meter> METER = new AtomicReference<>();
  private static final AtomicLong WARM_UP_LEFT = new AtomicLong();

  /** So many calls are noted together: the tasks would be in each other's way. */
  private static final int STEP = 1000;

  private transient int sinceStep;
  private transient boolean begun;

  CallSchema() {}

  static void meter(Meter meter, long warmUp) {
    METER.set(meter);
    WARM_UP_LEFT.set(warmUp);
  }

  /** The moment at which the warm-up was over. */
  static Meter.Moment begin() {
    Meter.Moment begin = BEGIN.get();
    if (begin == null) {
      throw new IllegalStateException("there was no call behind the warm-up");
    }
    return begin;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Call> out)
      throws IOException {
    if (!begun && sinceStep++ % STEP == 0) {
      begun = noteStep();
    }
    // Records wait in a batch between threads: each needs an object of its own.
    Call call = new Call();
    CallReader.read(record.value(), call);
    out.collect(call);
  }

  /** Returns whether measuring has begun. */
  private static boolean noteStep() {
    Meter meter = METER.get();
    if (meter == null) {
      return false;
    }
    meter.started();
    if (WARM_UP_LEFT.getAndAdd(-STEP) > 0) {
      return false;
    }
    if (BEGIN.get() == null) {
      BEGIN.compareAndSet(null, meter.now());
    }
    return true;
  }

  @Override
  public TypeInformation<Call> getProducedType() {
    return TypeInformation.of(Call.class);
  }
}
