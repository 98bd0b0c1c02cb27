// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogTest {
  @TempDir Path directory;

  @Test
  void drain_appendsToFileOfEarlierStart() throws Exception {
    Path file = Files.writeString(directory.resolve("a.log"), "earlier\n");

    new BoundedLog(file, 100).drain(lines(1, 2));

    assertThat(file).content().isEqualTo("earlier\nline 1\nline 2\n");
  }

  @Test
  void drain_keepsTwoFilesOfBoundedSize() {
    Path file = directory.resolve("a.log");

    new BoundedLog(file, 14).drain(lines(1, 5));

    assertThat(file).content().isEqualTo("line 5\n");
    assertThat(directory.resolve("a.log.1")).content().isEqualTo("line 3\nline 4\n");
    assertThat(directory).isDirectoryNotContaining("glob:**.2");
  }

  @Test
  void tail_isLastLines() {
    BoundedLog log = new BoundedLog(directory.resolve("a.log"));

    log.drain(lines(1, 30));

    assertThat(log.tail().lines()).hasSize(20).startsWith("line 11").endsWith("line 30");
  }

  @Test
  void drain_readsOnWhenFileCannotBeWritten() {
    BoundedLog log = new BoundedLog(directory.resolve("absent").resolve("a.log"));

    log.drain(lines(1, 2));

    assertThat(log.tail()).contains("line 1", "line 2", "not written");
  }

  private static InputStream lines(int first, int last) {
    return new ByteArrayInputStream(
        IntStream.rangeClosed(first, last)
            .mapToObj(number -> "line " + number + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8));
  }
}
