// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.service.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes calls to {@code llm-calls}, keyed by call id, and tells of each batch when all replicas in
 * sync have it ({@code acks=all}).
 *
 * <p>Nothing is dropped or kept beyond the time that Kafka has to acknowledge: what is not
 * acknowledged by then is told as such, and the sender has it still. It may have arrived after all;
 * a repeat is known by its event id.
 */
public final class KafkaCallSink implements CallSink {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaCallSink.class);

  /** How long a call may wait for others to come along; a request has nearly always several. */
  private static final int LINGER_MS = 2;

  private static final int PROBE_MS = 1_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());
  private final Producer<byte[], byte[]> producer;
  private final @Nullable Admin probe;
  private final AtomicBoolean failing = new AtomicBoolean();

  KafkaCallSink(Producer<byte[], byte[]> producer, @Nullable Admin probe) {
    this.producer = producer;
    this.probe = probe;
  }

  /**
   * A sink that connects when it is first used.
   *
   * @param bootstrapServers the brokers
   * @param ackTimeout how long Kafka may take to acknowledge
   * @param maxInFlightBytes what callers keep within, by the size of their requests
   */
  public static KafkaCallSink connecting(
      String bootstrapServers, Duration ackTimeout, long maxInFlightBytes) {
    int timeoutMs = (int) Math.min(ackTimeout.toMillis(), Integer.MAX_VALUE);
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "petrel-gateway");
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMs);
    // A broker that died silently is given up in time for one more try.
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(timeoutMs / 2 - LINGER_MS, 1));
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.max(timeoutMs / 2, 1));
    // An event can be larger than the request that it came in, by what is worked out here.
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(2 * maxInFlightBytes, 32L << 20));
    Map<String, Object> probeConfig =
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            AdminClientConfig.CLIENT_ID_CONFIG,
            "petrel-gateway-probe",
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            PROBE_MS,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            PROBE_MS);
    return new KafkaCallSink(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
        Admin.create(probeConfig));
  }

  /** Asks where the topic is, so that the first request does not have to wait for that. */
  public void warmUp() {
    try {
      var unused = producer.partitionsFor(Topic.CALLS.topicName());
    } catch (KafkaException e) {
      LOG.atDebug().setCause(e).log("the topic is not known yet; the first request asks again");
    }
  }

  @Override
  public CompletableFuture<@Nullable Void> store(List<LlmCallEvent> events) {
    CompletableFuture<@Nullable Void> stored = new CompletableFuture<>();
    if (events.isEmpty()) {
      stored.complete(null);
      return stored;
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(events.size());
    for (LlmCallEvent event : events) {
      records.add(record(event));
    }
    AtomicInteger pending = new AtomicInteger(records.size());
    for (ProducerRecord<byte[], byte[]> record : records) {
      try {
        Future<RecordMetadata> unused =
            producer.send(
                record,
                (metadata, failure) -> {
                  if (failure != null) {
                    fail(stored, failure);
                  } else if (pending.decrementAndGet() == 0) {
                    recovered();
                    stored.complete(null);
                  }
                });
      } catch (KafkaException | IllegalStateException e) {
        // The rest would fail alike, each after waiting for the same.
        fail(stored, e);
        break;
      }
    }
    return stored;
  }

  private ProducerRecord<byte[], byte[]> record(LlmCallEvent event) {
    String callId = event.get(EventField.CALL_ID);
    String key = callId == null ? event.eventId() : callId;
    return new ProducerRecord<>(Topic.CALLS.topicName(), key.getBytes(UTF_8), codec.encode(event));
  }

  private void fail(CompletableFuture<@Nullable Void> stored, Exception failure) {
    if (failing.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("topic", Topic.CALLS.topicName())
          .addKeyValue("reason", failure.toString())
          .log("Kafka does not acknowledge; requests get 503 until it does");
    }
    stored.completeExceptionally(new NotStoredException("Kafka did not acknowledge"));
  }

  private void recovered() {
    if (failing.compareAndSet(true, false)) {
      LOG.atInfo().addKeyValue("topic", Topic.CALLS.topicName()).log("Kafka acknowledges again");
    }
  }

  @Override
  public @Nullable String problem() {
    if (probe == null) {
      return failing.get() ? "Kafka does not acknowledge" : null;
    }
    try {
      probe.describeCluster().clusterId().get(PROBE_MS, TimeUnit.MILLISECONDS);
      return null;
    } catch (ExecutionException | TimeoutException e) {
      return "Kafka does not answer: " + (e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted while asking Kafka";
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
    if (probe != null) {
      probe.close(CLOSE_TIMEOUT);
    }
  }
}
