// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path parent;

  @Test
  void open_makesDirectoryAndNamesHolder() throws IOException {
    Path path = parent.resolve("a").resolve("b");

    try (DataDirectory directory = DataDirectory.open(path)) {
      assertThat(directory.path()).isEqualTo(path.toRealPath());
      assertThat(path.resolve("petrel.lock"))
          .content()
          .isEqualTo(ProcessHandle.current().pid() + "\n");
    }
  }

  @Test
  void open_refusesDirectoryOfThisProcess() throws IOException {
    Path link = Files.createSymbolicLink(parent.resolve("link"), parent);
    try (DataDirectory directory = DataDirectory.open(parent)) {
      assertThatThrownBy(() -> DataDirectory.open(link))
          .isInstanceOf(ServerStartException.class)
          .hasMessage(
              "Petrel on %s is already running as pid %d (this process): stop it or use --data-dir"
                  .formatted(directory.path(), ProcessHandle.current().pid()));
    }
  }

  @Test
  void open_takesOverFromHolderThatDied() throws IOException {
    // What a killed process leaves: its id, and no lock.
    Files.writeString(parent.resolve("petrel.lock"), "999999999\n");

    try (DataDirectory directory = DataDirectory.open(parent)) {
      assertThat(directory.path().resolve("petrel.lock"))
          .content()
          .isEqualTo(ProcessHandle.current().pid() + "\n");
    }
  }

  @Test
  void close_givesDirectoryUpOnce() {
    DataDirectory first = DataDirectory.open(parent);
    first.close();

    try (DataDirectory second = DataDirectory.open(parent)) {
      first.close();

      assertThatThrownBy(() -> DataDirectory.open(parent))
          .isInstanceOf(ServerStartException.class)
          .hasMessageContaining("already running");
      assertThat(second.path()).isDirectory();
    }
  }

  @Test
  void open_refusesFileInPlaceOfDirectory() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");

    assertThatThrownBy(() -> DataDirectory.open(file))
        .isInstanceOf(ServerStartException.class)
        .hasMessageStartingWith("Can't use " + file + " as a data directory");
  }

  @Test
  void requireSpace_saysHowMuchIsFreeAndNeeded() {
    assertThatThrownBy(() -> DataDirectory.requireSpace(parent, DataDirectory.NEEDED_BYTES - 1))
        .isInstanceOf(ServerStartException.class)
        .hasMessage(
            "The disk of %s is nearly full: 511 MB are free, 512 MB are needed; make room or use --data-dir"
                .formatted(parent));
    DataDirectory.requireSpace(parent, DataDirectory.NEEDED_BYTES);
  }
}
