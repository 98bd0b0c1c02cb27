// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DataDirectoryIT {
  @TempDir Path path;

  @Test
  void open_refusesDirectoryOfLiveProcessUntilItIsKilled() throws Exception {
    Parent holder = Parent.start("directory", path);
    assertThatThrownBy(() -> DataDirectory.open(path))
        .isInstanceOf(ServerStartException.class)
        .hasMessage(
            "Petrel on %s is already running as pid %d: stop it or use --data-dir"
                .formatted(path.toRealPath(), holder.pid()));

    holder.kill();

    try (DataDirectory directory = DataDirectory.open(path)) {
      assertThat(directory.path()).isEqualTo(path.toRealPath());
    }
  }
}
