// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What all measurements of a run share: one broker, one way to start JVMs, one directory.
 *
 * @param directory deleted with all that is in it when closed
 * @param broker stopped when closed
 * @param jvm starts contenders
 * @param writer writes loads
 */
record TestBed(WorkDirectory directory, BenchBroker broker, ContenderJvm jvm, WorkloadWriter writer)
    implements AutoCloseable {

  /** Starts the broker; it and the directory are gone when this JVM ends, interrupted or not. */
  static TestBed start(Path target, StreamsOptions options, InstantSource clock) {
    WorkDirectory directory = new WorkDirectory(target);
    BenchBroker broker = BenchBroker.start(directory.newDirectory("kafka"));
    TestBed bed =
        new TestBed(
            directory,
            broker,
            new ContenderJvm(options.jvmFlags(), directory.newDirectory("logs"), 30),
            new WorkloadWriter(broker.bootstrapServers(), clock));
    Runtime.getRuntime().addShutdownHook(new Thread(bed::close, "clean-up"));
    return bed;
  }

  @Override
  public void close() {
    broker.close();
    directory.close();
  }
}
