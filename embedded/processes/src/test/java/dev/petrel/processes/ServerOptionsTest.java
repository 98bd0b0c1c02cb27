// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerOptionsTest {
  private final ServerOptions options = EmbeddedKafka.options(Path.of("x", "..", "data"));

  @Test
  void dataDirectory_isAbsolute() {
    assertThat(options.dataDirectory()).isEqualTo(Path.of("data").toAbsolutePath());
  }

  @Test
  void port_isBounded() {
    assertThat(options.withPort(65535).port()).isEqualTo(65535);
    assertThatThrownBy(() -> options.withPort(65536))
        .hasMessage("port must be between 0 and 65535: 65536");
    assertThatThrownBy(() -> options.withPort(-1))
        .hasMessage("port must be between 0 and 65535: -1");
  }

  @Test
  void heap_isSize() {
    assertThat(options.withHeap("2g").heap()).isEqualTo("2g");
    assertThatThrownBy(() -> options.withHeap("-Xmx2g"))
        .hasMessage("heap must be a size such as 512m or 2g: -Xmx2g");
  }

  @Test
  void startTimeout_isPositive() {
    assertThatThrownBy(() -> options.withStartTimeout(Duration.ZERO))
        .hasMessage("startTimeout must be positive: PT0S");
  }
}
