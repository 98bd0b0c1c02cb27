// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ServerModeTest {
  @Test
  void of_takesWhatIsForced() {
    assertThat(ServerMode.of("embedded")).isEqualTo(ServerMode.EMBEDDED);
    assertThat(ServerMode.of("Containers")).isEqualTo(ServerMode.CONTAINERS);
  }

  @Test
  void of_namesWhatIsAllowed() {
    assertThatThrownBy(() -> ServerMode.of("docker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("petrel.test.servers must be embedded, containers or auto: docker");
  }

  @Test
  void images_areOfVersionsOfBuild() {
    assertThat(Images.of("kafka")).matches("apache/kafka:\\d+\\.\\d+\\.\\d+");
    assertThat(Images.of("opensearch")).matches("opensearchproject/opensearch:\\d+\\.\\d+\\.\\d+");
  }
}
