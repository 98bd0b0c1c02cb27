// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.completion.EventCompletion;
import dev.petrel.event.prices.PriceTable;
import dev.petrel.publisher.PublisherSettings.ProducerFactory;
import dev.petrel.publisher.SpoolSegment.FileOpener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Publishes call events to Kafka from within an application, and never at its expense.
 *
 * <p>{@link #publish} queues and returns. One daemon thread sends; it connects when the first event
 * comes, keeps trying while Kafka cannot be reached, and touches nothing of the application. What
 * finds no room is dropped and counted, and the next record that gets through tells how many were,
 * by outcome. The last fifth of the queue is for failures only.
 *
 * <p>With a spool, events go to disk where they would be dropped otherwise: when more than half of
 * the queue is taken while Kafka takes or confirms nothing, when Kafka did not confirm an event,
 * and at the end. They are sent once Kafka is back, by the next process if need be, and each at
 * least once.
 *
 * <p>At most {@code queueMaxEvents} events and about {@code queueMaxBytes} bytes are held, those
 * that Kafka has not confirmed yet included, and one file of the spool while that is sent, at most
 * 4 MiB by rule. Thread-safe.
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
    return Thread.currentThread() instanceof PublisherThread;
  }

  /** Queues the event or drops it; never waits, whatever Kafka does. */
  @Override
  public boolean publish(@Nullable LlmCallEvent event) {
    return event != null && publish(new BuiltCall(event));
  }

  /**
   * Queues the call or drops it; its event is made on the publisher's thread. A call that is null
   * or cannot tell its outcome and size is not accepted.
   */
  @Override
  public boolean publish(@Nullable PendingCall call) {
    Delivery delivery;
    try {
      if (call == null) {
        return false;
      }
      delivery = new Delivery(call);
    } catch (RuntimeException e) {
      return false;
    }
    tally.accept();
    DropReason reason = worker.isClosing() ? DropReason.CLOSED : queue.offer(delivery);
    if (reason != null) {
      // It is the disk's fault then that there is no room.
      boolean noSpool = reason == DropReason.QUEUE_FULL && worker.isSpoolFailing();
      tally.drop(noSpool ? DropReason.SPOOL_FAILED : reason, delivery.outcome());
      return false;
    }
    worker.dropStragglers();
    return true;
  }

  /**
   * Waits until nothing is queued: every event is confirmed, dropped or in the spool.
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
   * Sends what is queued within the close timeout; the rest goes to the spool, or is dropped where
   * there is none. Without Kafka it takes all that time when events are queued, or with a spool a
   * fifth of it.
   *
   * <p>When it returns, nothing is queued, and the losses that were not logged yet are, in one
   * warning. What Kafka has not confirmed by then is counted as dropped, and stays so if Kafka
   * confirms it later; or it is in the spool, and may be sent twice.
   *
   * <p>Returns after the close timeout at the latest; where that is shorter than five seconds, and
   * the publisher's thread is stuck, up to three quarters of a second later. An interrupt ends the
   * wait for events to be sent; the interrupt status is kept.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      worker.beginClose();
    }
    if (!isPublisherThread()) { // which would wait for itself
      new BoundedClose(settings, worker).await();
    }
  }

  /** Whether the publisher's thread has ended; it may outlive {@link #close} when it is stuck. */
  boolean isEnded() {
    return !worker.isAlive();
  }

  Tally tally() {
    return tally;
  }

  String clientId() {
    return settings.clientId();
  }

  long queued() {
    return queue.size();
  }

  long spoolBytes() {
    return worker.spoolBytes();
  }

  @Override
  public String toString() {
    return "EventPublisher{" + settings + "}";
  }

  /** Assembles an {@link EventPublisher}. Not thread-safe. */
  public static final class Builder {
    private static final Pattern SERVERS =
        Pattern.compile("\\s*[^\\s,]+:\\d{1,5}\\s*(,\\s*[^\\s,]+:\\d{1,5}\\s*)*");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
    private static final long LEAST_SPOOL_BYTES = 1024 * 1024;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private @Nullable String bootstrapServers;
    private String topic = "llm-calls";
    private @Nullable String clientId;
    private int queueMaxEvents = 10_000;
    private long queueMaxBytes = 16L * 1024 * 1024;
    private Duration closeTimeout = Duration.ofSeconds(5);
    private @Nullable Path spoolDirectory;
    private long spoolMaxBytes = 256L * 1024 * 1024;
    private FileOpener spoolOpener = SpoolSettings::createFile;
    private UnaryOperator<LlmCallEvent> preparation = new EventCompletion(null);
    private Duration stuckAfter = Duration.ofSeconds(10);
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
     * the like as in Kafka; lz4, 20 ms linger, batches of 64 KiB, 2 minutes delivery timeout.
     *
     * @throws IllegalArgumentException for a property that the publisher itself sets, and for a
     *     value that Kafka refuses
     */
    public Builder producerProperty(String name, String value) {
      requireNonNull(name, "name");
      requireNonNull(value, "value");
      ProducerProperties.check(name, value);
      producerProperties.put(name, value);
      return this;
    }

    /**
     * Where events wait on disk that memory has no room for. Default: nowhere, they are dropped.
     *
     * <p>Publishers of one Kafka cluster may share a directory, also those of several processes and
     * topics. It is made where it is absent, for its owner only.
     */
    public Builder spoolDirectory(Path spoolDirectory) {
      this.spoolDirectory = requireNonNull(spoolDirectory, "spoolDirectory").toAbsolutePath();
      return this;
    }

    /**
     * The most that this publisher's files in the spool take; beyond it the oldest events are
     * dropped. At least 1 MiB, default 256 MiB.
     */
    public Builder spoolMaxBytes(long spoolMaxBytes) {
      require(
          spoolMaxBytes >= LEAST_SPOOL_BYTES,
          "spoolMaxBytes must be at least " + LEAST_SPOOL_BYTES + ", was",
          spoolMaxBytes);
      this.spoolMaxBytes = spoolMaxBytes;
      return this;
    }

    /** What calls cost that do not say so themselves. Default {@link PriceTable#bundled}. */
    public Builder prices(PriceTable prices) {
      preparation = new EventCompletion(requireNonNull(prices, "prices"));
      return this;
    }

    Builder spoolOpener(FileOpener spoolOpener) {
      this.spoolOpener = spoolOpener;
      return this;
    }

    Builder preparation(UnaryOperator<LlmCallEvent> preparation) {
      this.preparation = preparation;
      return this;
    }

    Builder stuckAfter(Duration stuckAfter) {
      this.stuckAfter = stuckAfter;
      return this;
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
                  spoolDirectory == null
                      ? null
                      : new SpoolSettings(
                          spoolDirectory.resolve(topic), spoolMaxBytes, spoolOpener),
                  preparation,
                  stuckAfter,
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
