// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TcpSinkTest {

  @Test
  void awaitLines_countsThoseOfAllConnections() throws Exception {
    try (TcpSink sink = new TcpSink()) {
      try (Socket one = connect(sink.address());
          Socket other = connect(sink.address())) {
        one.getOutputStream().write("a\nb\n".getBytes(UTF_8));
        other.getOutputStream().write("c\n".getBytes(UTF_8));
      }
      while (sink.awaitLines() < 3) { // a connection may be yet to be accepted
        Thread.sleep(10);
      }
      assertThat(sink.awaitLines()).isEqualTo(3);
    }
  }

  @Test
  void nobody_refusesConnections() {
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> connect(TcpSink.nobody()).close());
  }

  @Test
  void count_countsTheLinesOfAFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("log"), "a\n\nb\n");

    assertThat(Lines.count(file)).isEqualTo(3);
  }

  private static Socket connect(String address) throws Exception {
    int colon = address.indexOf(':');
    return new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }
}
