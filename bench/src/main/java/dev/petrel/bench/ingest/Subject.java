// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import java.util.List;

/** One way to log or publish a call. */
enum Subject {
  PETREL_LOGBACK("a", "Petrel Logback", Sink.KAFKA, "checked, queued; redacted, priced, acks=all"),
  PETREL_LOG4J2("b", "Petrel Log4j2", Sink.KAFKA, "the same of a map message"),
  PETREL_PUBLISHER("c", "Petrel publisher", Sink.KAFKA, "the same of an event that is built"),
  LOGBACK_FILE("d", "Logback AsyncAppender, file", Sink.FILE, "queue of 256; text with key-values"),
  LOGSTASH_FILE("e", "logstash async, file", Sink.FILE, "ring of 8192; JSON"),
  LOGSTASH_TCP("f", "logstash async TCP", Sink.TCP, "ring of 8192; JSON"),
  LOG4J2_KAFKA("g", "Log4j2 async, Kafka", Sink.KAFKA, "ring of 256 Ki; text with JSON, acks=all"),
  LOG4J2_FILE("h", "Log4j2 async, file", Sink.FILE, "ring of 256 Ki; text with JSON"),
  OFF("i", "level off (floor)", Sink.NOTHING, "nothing: the cost of measuring");

  private static final List<String> ASYNC_LOGGERS =
      List.of(
          "-Dlog4j2.contextSelector="
              + "org.apache.logging.log4j.core.async.AsyncLoggerContextSelector");

  private final String letter;
  private final String title;
  private final Sink sink;
  private final String work;

  Subject(String letter, String title, Sink sink, String work) {
    this.letter = letter;
    this.title = title;
    this.sink = sink;
    this.work = work;
  }

  /** The subject of a letter, as {@code --only} takes them. */
  static Subject lettered(String letter) {
    for (Subject subject : values()) {
      if (subject.letter.equals(letter)) {
        return subject;
      }
    }
    throw new IllegalArgumentException("subject must be one of a to i: " + letter);
  }

  String letter() {
    return letter;
  }

  String title() {
    return title;
  }

  Sink sink() {
    return sink;
  }

  /** What is done with a call, on the caller's thread and behind it. */
  String work() {
    return work;
  }

  /** Whether losses that it does not tell of are a defect of this project. */
  boolean isPetrel() {
    return this == PETREL_LOGBACK || this == PETREL_LOG4J2 || this == PETREL_PUBLISHER;
  }

  /** What its JVM is started with. */
  List<String> jvmFlags() {
    return this == LOG4J2_KAFKA || this == LOG4J2_FILE ? ASYNC_LOGGERS : List.of();
  }

  /**
   * Gets it ready.
   *
   * @param address of the sink: host:port, or a file
   * @param topic the topic, where the sink is one
   */
  CallLog open(String address, String topic) {
    return switch (this) {
      case PETREL_LOGBACK -> LogbackLog.petrel(address, topic);
      case PETREL_LOG4J2 -> Log4j2Log.petrel(address, topic);
      case PETREL_PUBLISHER -> new PublisherLog(address, topic);
      case LOGBACK_FILE -> LogbackLog.asyncFile(address);
      case LOGSTASH_FILE -> LogbackLog.logstashFile(address);
      case LOGSTASH_TCP -> LogbackLog.logstashTcp(address);
      case LOG4J2_KAFKA -> Log4j2Log.kafka(address, topic);
      case LOG4J2_FILE -> Log4j2Log.file(address);
      case OFF -> LogbackLog.off();
    };
  }
}
