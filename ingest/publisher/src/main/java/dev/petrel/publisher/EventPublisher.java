// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.publisher.PublisherSettings.ProducerFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes call events to Kafka from within an application, and never at its expense.
 *
 * <p>{@link #publish} queues and returns. One daemon thread sends; it connects when the first event
 * comes, keeps trying while Kafka cannot be reached, and touches nothing of the application. What
 * finds no room is dropped and counted, and the next record that gets through tells how many were,
 * by outcome. The last fifth of the queue is for failures only.
 *
 * <p>At most {@code queueMaxEvents} events and about {@code queueMaxBytes} bytes are held, those
 * that Kafka has not confirmed yet included. Thread-safe.
 *
 * <p>
 *
 * {@snippet :
 * EventPublisher publisher = EventPublisher.newBuilder().bootstrapServers("kafka:9092").build();
 * publisher.publish(event);
 * }
 */
public final class EventPublisher implements CallPublisher {

  private static final long FLUSH_POLL_MILLIS = 5;

  private final PublisherSettings settings;
  private final Tally tally = new Tally();
  private final EventQueue queue;
  private final PublisherWorker worker;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EventPublisher(PublisherSettings settings) {
    this.settings = settings;
    this.queue = new EventQueue(settings.queueMaxEvents(), settings.queueMaxBytes());
    this.worker = new PublisherWorker(settings, queue, tally);
  }

  /** A builder with the defaults that its methods state. */
  public static Builder newBuilder() {
    return new Builder();
  }

  /**
   * Whether the calling thread is a publisher's own: what is logged there must not be published.
   */
  public static boolean isPublisherThread() {
    return Thread.currentThread() instanceof PublisherWorker;
  }

  /** Queues the event or drops it; never waits, whatever Kafka does. */
  @Override
  public boolean publish(@Nullable LlmCallEvent event) {
    if (event == null) {
      return false;
    }
    tally.accept();
    PendingEvent pending = new PendingEvent(event);
    DropReason reason = worker.isClosing() ? DropReason.CLOSED : queue.offer(pending);
    if (reason != null) {
      tally.drop(reason, event.outcome());
      return false;
    }
    worker.dropStragglers();
    return true;
  }

  /**
   * Waits until nothing is queued: every event is confirmed or dropped.
   *
   * @return false when {@code timeout} ran out first, or the thread was interrupted (its interrupt
   *     status is kept)
   */
  public boolean flush(Duration timeout) {
    long start = System.nanoTime();
    while (queue.size() > 0) {
      if (System.nanoTime() - start >= timeout.toNanos()) {
        return false;
      }
      try {
        Thread.sleep(FLUSH_POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** What became of the events so far. */
  public PublisherCounters counters() {
    return tally.snapshot(queue.size());
  }

  /**
   * Sends what is queued within the close timeout and drops the rest. Returns after the close
   * timeout at the latest; without Kafka that is also how long it takes when events are queued.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      worker.beginClose();
    }
    if (Thread.currentThread() == worker) {
      return;
    }
    try {
      long millis = settings.closeTimeout().toMillis();
      if (millis > 0) { // join(0) waits for ever
        worker.join(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "EventPublisher{" + settings + "}";
  }

  /** Assembles an {@link EventPublisher}. Not thread-safe. */
  public static final class Builder {
    private static final Pattern SERVERS =
        Pattern.compile("\\s*[^\\s,]+:\\d{1,5}\\s*(,\\s*[^\\s,]+:\\d{1,5}\\s*)*");
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Set<String> FIXED =
        Set.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            ProducerConfig.CLIENT_ID_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private @Nullable String bootstrapServers;
    private String topic = "llm-calls";
    private @Nullable String clientId;
    private int queueMaxEvents = 10_000;
    private long queueMaxBytes = 16L * 1024 * 1024;
    private Duration closeTimeout = Duration.ofSeconds(5);
    private final Map<String, String> producerProperties = new LinkedHashMap<>();
    private ProducerFactory producerFactory = PublisherSettings::newKafkaProducer;

    private Builder() {}

    /** Where Kafka is: {@code host:port}, several with commas. Required. */
    public Builder bootstrapServers(String bootstrapServers) {
      requireNonNull(bootstrapServers, "bootstrapServers");
      require(
          SERVERS.matcher(bootstrapServers).matches(),
          "bootstrapServers must be host:port, several separated by commas, was",
          bootstrapServers);
      this.bootstrapServers = bootstrapServers;
      return this;
    }

    /** The topic. Default {@code llm-calls}. */
    public Builder topic(String topic) {
      requireNonNull(topic, "topic");
      require(TOPIC.matcher(topic).matches(), "topic must be a Kafka topic name, was", topic);
      this.topic = topic;
      return this;
    }

    /** The name towards Kafka and in JMX. Default {@code petrel-publisher-} and a number. */
    public Builder clientId(String clientId) {
      requireNonNull(clientId, "clientId");
      require(!clientId.isBlank(), "clientId must not be blank, was", clientId);
      this.clientId = clientId;
      return this;
    }

    /** Most events that are held. Default 10 000. */
    public Builder queueMaxEvents(int queueMaxEvents) {
      require(
          queueMaxEvents >= 1 && queueMaxEvents <= 10_000_000,
          "queueMaxEvents must be between 1 and 10000000, was",
          queueMaxEvents);
      this.queueMaxEvents = queueMaxEvents;
      return this;
    }

    /** Most bytes that are held, by an estimate per event. Default 16 MiB. */
    public Builder queueMaxBytes(long queueMaxBytes) {
      require(queueMaxBytes >= 1, "queueMaxBytes must be at least 1, was", queueMaxBytes);
      this.queueMaxBytes = queueMaxBytes;
      return this;
    }

    /** How long {@link EventPublisher#close} may take. Default 5 seconds. */
    public Builder closeTimeout(Duration closeTimeout) {
      requireNonNull(closeTimeout, "closeTimeout");
      require(
          !closeTimeout.isNegative() && closeTimeout.compareTo(Duration.ofHours(1)) <= 0,
          "closeTimeout must be between 0 and one hour, was",
          closeTimeout);
      this.closeTimeout = closeTimeout;
      return this;
    }

    /**
     * A property of Kafka's producer, for example {@code security.protocol}. Default: TLS, SASL and
     * the like as in Kafka; lz4, 20 ms linger, 2 minutes delivery timeout.
     *
     * @throws IllegalArgumentException for a property that the publisher itself sets, and for a
     *     value that Kafka refuses
     */
    public Builder producerProperty(String name, String value) {
      requireNonNull(name, "name");
      requireNonNull(value, "value");
      require(
          !FIXED.contains(name),
          "producerProperty must not be one that the publisher sets itself, was",
          name);
      if (ProducerConfig.configNames().contains(name)) {
        try {
          validate(name, value);
        } catch (ConfigException e) {
          throw new IllegalArgumentException("producerProperty " + name + ": " + e.getMessage(), e);
        }
      }
      producerProperties.put(name, value);
      return this;
    }

    private static void validate(String name, String value) {
      Map<String, String> config = new LinkedHashMap<>();
      config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
      config.put(
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          "org.apache.kafka.common.serialization.ByteArraySerializer");
      config.put(
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          "org.apache.kafka.common.serialization.ByteArraySerializer");
      config.put(name, value);
      var unused = ProducerConfig.configDef().parse(config);
    }

    Builder producerFactory(ProducerFactory producerFactory) {
      this.producerFactory = producerFactory;
      return this;
    }

    /**
     * Builds the publisher and starts its thread; connects to nothing.
     *
     * @throws IllegalStateException when {@link #bootstrapServers} is not set
     */
    public EventPublisher build() {
      if (bootstrapServers == null) {
        throw new IllegalStateException("bootstrapServers is not set");
      }
      String name = clientId == null ? "petrel-publisher-" + NUMBER.incrementAndGet() : clientId;
      EventPublisher publisher =
          new EventPublisher(
              new PublisherSettings(
                  bootstrapServers,
                  topic,
                  name,
                  queueMaxEvents,
                  queueMaxBytes,
                  closeTimeout,
                  producerProperties,
                  producerFactory));
      publisher.worker.start();
      return publisher;
    }

    private static void require(boolean condition, String rule, Object value) {
      if (!condition) {
        throw new IllegalArgumentException(rule + " '" + value + "'");
      }
    }
  }
}
