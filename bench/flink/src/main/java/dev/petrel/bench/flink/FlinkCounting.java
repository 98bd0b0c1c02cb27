// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.flink;

import dev.petrel.bench.Assignment;
import dev.petrel.bench.Call;
import dev.petrel.bench.Meter;
import dev.petrel.bench.ParentWatch;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Contender (d): calls by tenant and model in tumbling minutes of event time, a checkpoint each
 * second, each aggregate once into a topic when its window is over.
 *
 * <p>It gets what makes Flink fast: records reduced to the few fields at the source, objects
 * reused, state on the heap, a watermark for each partition. It ends with the load, by a last
 * checkpoint.
 */
final class FlinkCounting {

  private static final String RESULTS = "bench-flink-results";
  private static final int MEBIBYTE = 1024 * 1024;

  /** More than the longest call: no event of the load is late. */
  private static final Duration OUT_OF_ORDER = Duration.ofMinutes(2);

  private FlinkCounting() {}

  public static void main(String[] arguments) throws Exception {
    ParentWatch.start();
    Assignment assignment = Assignment.of(arguments);
    Meter meter = new Meter(assignment.brokerPid());
    CallSchema.meter(meter, assignment.warmUp());
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(
            assignment.threads(), configuration(assignment));
    environment.enableCheckpointing(1_000, CheckpointingMode.EXACTLY_ONCE);
    environment.getConfig().enableObjectReuse();
    environment
        .fromSource(source(assignment), watermarks(), "calls")
        .keyBy(new ByTenantAndModel())
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
        .aggregate(new Counting(), new CountedWindow())
        .sinkTo(sink(assignment));
    environment.execute("count calls");
    Meter.Moment last = meter.now();
    meter.between(CallSchema.begin(), last, assignment.measured(), null).print();
    System.exit(0);
  }

  private static Configuration configuration(Assignment assignment) {
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, assignment.directory().toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, assignment.threads());
    // For operators that are not here: the defaults would reserve 128 MB.
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
    return configuration;
  }

  private static KafkaSource<Call> source(Assignment assignment) {
    return KafkaSource.<Call>builder()
        .setBootstrapServers(assignment.bootstrapServers())
        .setTopics(assignment.topic())
        .setGroupId("bench-flink")
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setBounded(OffsetsInitializer.latest())
        .setDeserializer(new CallSchema())
        .setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "10000")
        .setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, Integer.toString(64 * 1024))
        .setProperty(
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(4 * MEBIBYTE))
        .build();
  }

  private static WatermarkStrategy<Call> watermarks() {
    return WatermarkStrategy.<Call>forBoundedOutOfOrderness(OUT_OF_ORDER)
        .withTimestampAssigner((call, recordTimestamp) -> call.timestamp);
  }

  private static KafkaSink<byte[]> sink(Assignment assignment) {
    return KafkaSink.<byte[]>builder()
        .setBootstrapServers(assignment.bootstrapServers())
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("bench-flink")
        .setRecordSerializer(new CountedWindowSchema(RESULTS))
        .setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "600000")
        .setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4")
        .build();
  }

  /** The key of a call. */
  private static final class ByTenantAndModel implements KeySelector<Call, String> {

    private static final long serialVersionUID = 1;

    @Override
    public String getKey(Call call) {
      return call.tenant + '|' + call.model;
    }
  }
}
