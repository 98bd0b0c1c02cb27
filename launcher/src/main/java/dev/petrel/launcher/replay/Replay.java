// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.service.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends recordings to {@code llm-calls}, every row of them or none without a word: rows that are no
 * call go to the dead letter topic.
 *
 * <p>Each record carries the id of its import in the header {@code petrel-import}, by which history
 * of any age is counted. The id is made of the file's name and its first row, and a call without id
 * gets one of import and row, so that the same file gives the same ids each time, also after it has
 * grown. Not thread-safe.
 */
public final class Replay implements AutoCloseable {

  private static final int KEPT_REJECTIONS = 100;

  private final KafkaProducer<byte[], byte[]> producer;
  private final double speed;
  private final boolean shiftToNow;
  private final InstantSource clock;
  private final LlmCallEventCodec codec;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /**
   * What came of a recording.
   *
   * @param sent calls that Kafka has acknowledged
   * @param rejected rows that are no call
   * @param rejections the first of them
   * @param firstTimestamp the earliest time sent, in ms since the epoch
   * @param lastTimestamp the latest time sent, in ms since the epoch
   */
  public record Result(
      long sent,
      long rejected,
      List<RejectedRow> rejections,
      long firstTimestamp,
      long lastTimestamp) {}

  /**
   * @param bootstrapServers Kafka's brokers
   * @param speed times as fast as recorded, infinite for as fast as it goes
   * @param shiftToNow whether to move the recording to the present
   * @param clock the present
   */
  public Replay(String bootstrapServers, double speed, boolean shiftToNow, InstantSource clock) {
    this.speed = speed;
    this.shiftToNow = shiftToNow;
    this.clock = clock;
    this.codec = new LlmCallEventCodec(clock);
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.CLIENT_ID_CONFIG,
                "petrel-replay",
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                4 * 1024 * 1024),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Sends one recording and returns when Kafka has acknowledged all of it.
   *
   * @throws IOException when the file cannot be read or Kafka refuses; the message says which
   */
  public Result run(Recording recording) throws IOException {
    Survey survey = survey(recording);
    long shift = shiftToNow ? shift(survey) : 0;
    try (ProgressBar progress = progressBar(recording, survey.rows)) {
      Sender sender = new Sender(recording, survey, shift, progress);
      recording.read(sender);
      producer.flush();
      throwFailure();
      return sender.result();
    }
  }

  /** What a first reading finds out. */
  private static final class Survey implements Recording.RowConsumer {
    private long rows;
    private long earliest = Long.MAX_VALUE;
    private long latest = Long.MIN_VALUE;
    private String firstCall = "";

    @Override
    public void accept(RecordedCall call) {
      rows++;
      Long timestamp = call.event().get(EventField.TIMESTAMP);
      if (timestamp != null) {
        if (earliest == Long.MAX_VALUE) {
          firstCall = call.row() + "@" + timestamp;
        }
        earliest = Math.min(earliest, timestamp);
        latest = Math.max(latest, timestamp);
      }
    }

    @Override
    public void reject(RejectedRow row) {
      rows++;
    }
  }

  private static Survey survey(Recording recording) throws IOException {
    Survey survey = new Survey();
    recording.read(survey);
    return survey;
  }

  private long shift(Survey survey) {
    if (survey.earliest == Long.MAX_VALUE) {
      return 0;
    }
    return clock.millis() - (speed == Double.POSITIVE_INFINITY ? survey.latest : survey.earliest);
  }

  private static ProgressBar progressBar(Recording recording, long rows) {
    return new ProgressBarBuilder()
        .setTaskName(String.valueOf(recording.path().getFileName()))
        .setInitialMax(rows)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(500)
        .build();
  }

  private void throwFailure() throws IOException {
    Exception cause = failure.get();
    if (cause != null) {
      throw new IOException("Kafka did not take the recording: " + cause.getMessage(), cause);
    }
  }

  @Override
  public void close() {
    producer.close();
  }

  /** The second reading. */
  private final class Sender implements Recording.RowConsumer {
    private final Recording recording;
    private final byte[] importId;
    private final String idPrefix;
    private final long shift;
    private final long recordedStart;
    private final long startedAt = clock.millis();
    private final ProgressBar progress;
    private final List<RejectedRow> rejections = new ArrayList<>();
    private long sent;
    private long rejected;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    private Sender(Recording recording, Survey survey, long shift, ProgressBar progress) {
      this.recording = recording;
      this.idPrefix = importId(recording, survey);
      this.importId = idPrefix.getBytes(StandardCharsets.UTF_8);
      this.shift = shift;
      this.recordedStart = survey.earliest;
      this.progress = progress;
    }

    private static String importId(Recording recording, Survey survey) {
      try {
        byte[] hash =
            MessageDigest.getInstance("SHA-256")
                .digest(
                    (recording.path().getFileName() + "\n" + survey.firstCall)
                        .getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 8);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    @Override
    public void accept(RecordedCall call) throws IOException {
      LlmCallEvent.Builder builder = call.event();
      String id = builder.get(EventField.EVENT_ID);
      if (id == null) {
        id = idPrefix + "-" + call.row();
      }
      // A shifted recording is other calls each time.
      builder.set(EventField.EVENT_ID, shift == 0 ? id : id + "+" + shift);
      Long recorded = builder.get(EventField.TIMESTAMP);
      if (recorded != null) {
        pace(recorded);
        builder.set(EventField.TIMESTAMP, recorded + shift);
      }
      LlmCallEvent event = builder.build();
      first = Math.min(first, event.timestamp());
      last = Math.max(last, event.timestamp());
      String callId = event.get(EventField.CALL_ID);
      String key = callId == null ? event.eventId() : callId;
      send(
          new ProducerRecord<>(
              Topic.CALLS.topicName(), key.getBytes(StandardCharsets.UTF_8), codec.encode(event)));
      sent++;
    }

    @Override
    public void reject(RejectedRow row) throws IOException {
      ProducerRecord<byte[], byte[]> letter =
          new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), null, row.raw());
      header(letter, "petrel-reason", "unreadable_row");
      header(letter, "petrel-message", row.reason());
      header(letter, "petrel-source-file", String.valueOf(recording.path().getFileName()));
      header(letter, "petrel-source-row", Long.toString(row.row()));
      send(letter);
      rejected++;
      if (rejections.size() < KEPT_REJECTIONS) {
        rejections.add(row);
      }
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws IOException {
      throwFailure();
      if (!shiftToNow) {
        record.headers().add("petrel-import", importId);
      }
      Future<RecordMetadata> unused =
          producer.send(
              record,
              (metadata, exception) -> {
                if (exception != null) {
                  failure.compareAndSet(null, exception);
                }
              });
      progress.step();
    }

    private void pace(long recorded) throws IOException {
      if (speed == Double.POSITIVE_INFINITY) {
        return;
      }
      long due = startedAt + (long) ((recorded - recordedStart) / speed);
      long wait = due - clock.millis();
      if (wait > 0) {
        try {
          Thread.sleep(wait);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
    }

    private Result result() {
      return new Result(sent, rejected, List.copyOf(rejections), first, last);
    }
  }

  private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
