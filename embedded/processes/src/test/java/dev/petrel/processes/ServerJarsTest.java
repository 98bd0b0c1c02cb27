// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerJarsTest {
  @TempDir Path servers;

  @Test
  void find_prefersSourceTree() throws IOException {
    Path installed = jar(servers.resolve("kafka-server"));
    assertThat(ServerJars.find(servers, "kafka-server")).isEqualTo(installed);

    Path built = jar(servers.resolve("kafka-server").resolve("target").resolve("server"));
    assertThat(ServerJars.find(servers, "kafka-server")).isEqualTo(built);
  }

  @Test
  void find_saysHowToBuildWhatIsMissing() {
    assertThatThrownBy(() -> ServerJars.find(servers, "kafka-server"))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("run `mvn package`")
        .hasMessageContaining(servers.toString());
  }

  private static Path jar(Path directory) throws IOException {
    return Files.createFile(Files.createDirectories(directory).resolve("petrel-kafka-server.jar"));
  }
}
