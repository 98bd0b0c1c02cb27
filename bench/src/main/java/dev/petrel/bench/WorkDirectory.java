// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A new directory for what a run writes, deleted with all that is in it when closed. */
public final class WorkDirectory implements AutoCloseable {

  private final Path path;
  private int directories;

  /** Makes one below {@code parent}. */
  public WorkDirectory(Path parent) {
    try {
      path = Files.createTempDirectory(Files.createDirectories(parent), "run-");
    } catch (IOException e) {
      throw new UncheckedIOException("no directory to work in", e);
    }
  }

  /** A new and empty one in it. */
  public Path newDirectory(String name) {
    try {
      return Files.createDirectory(path.resolve(name + "-" + directories++));
    } catch (IOException e) {
      throw new UncheckedIOException("no directory to work in", e);
    }
  }

  @Override
  public void close() {
    delete(path);
  }

  /** Deletes a directory and all that is in it. */
  public static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Deleted before.
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete " + directory, e);
    }
  }
}
