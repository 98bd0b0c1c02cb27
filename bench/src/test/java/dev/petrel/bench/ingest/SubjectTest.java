// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether what is measured does what the table says. */
@Timeout(120)
class SubjectTest {

  private static final List<LoggedCall> CALLS = LoggedCall.generate(10, 7);

  @ParameterizedTest
  @EnumSource(names = {"PETREL_LOGBACK", "PETREL_LOG4J2", "PETREL_PUBLISHER"})
  void log_makesAnEventOfEachCall_thatIsCountedWhenItCannotArrive(Subject subject) {
    CallLog log = subject.open(TcpSink.nobody(), "calls");
    CALLS.forEach(log::log);
    log.close();

    assertThat(log.reportedLosses()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOGBACK_FILE", "LOGSTASH_FILE", "LOG4J2_FILE"})
  void log_writesALineForEachCall_withAllItsValues(Subject subject, @TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("calls.log");
    CallLog log = subject.open(file.toString(), "");
    CALLS.forEach(log::log);
    log.close();

    assertThat(Files.readAllLines(file)).hasSize(10);
    assertThat(Files.readString(file))
        .contains("llm_call", "time_to_first_chunk_ms")
        .contains(CALLS.stream().map(LoggedCall::callId).toList())
        .contains(CALLS.stream().map(call -> Double.toString(call.durationMs())).toList());
  }

  @Test
  void log_bringsEachCallToTheSocket() throws Exception {
    try (TcpSink sink = new TcpSink()) {
      CallLog log = Subject.LOGSTASH_TCP.open(sink.address(), "");
      CALLS.forEach(log::log);
      while (sink.received() < 10) {
        Thread.sleep(10);
      }
      log.close();

      assertThat(sink.awaitLines()).isEqualTo(10);
    }
  }
}
