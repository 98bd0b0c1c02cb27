// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A numbered directory below the spool's, which one publisher at a time may use.
 *
 * <p>The right to it is an operating system's lock on a file in it, which ends with the process
 * however that ends. The lock file and the directory stay: removing them would race with others who
 * open them. Not thread-safe.
 */
final class SpoolDirectory implements AutoCloseable {
  private static final String LOCK_FILE = "lock";
  private static final String SUFFIX = ".spool";
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern SEGMENT = Pattern.compile("\\d{16}\\" + SUFFIX);

  // POSIX drops a process's lock on a file when the process closes any descriptor of it. So nobody
  // in this JVM may open a lock file that another publisher holds, be it of another class loader:
  // a static set would not do.
  private static final String HELD = "dev.petrel.publisher.spool.held:";

  private final Path path;
  private final String held;
  private final FileChannel lock;
  private final @Nullable Object lockFileKey;

  private SpoolDirectory(Path path, String held, FileChannel lock) throws IOException {
    this.path = path;
    this.held = held;
    this.lock = lock;
    this.lockFileKey = lockFileKey(path);
  }

  private static @Nullable Object lockFileKey(Path path) throws IOException {
    return Files.readAttributes(path.resolve(LOCK_FILE), BasicFileAttributes.class).fileKey();
  }

  /** Takes the lowest-numbered directory that nobody holds, made where it is absent. */
  static SpoolDirectory claim(Path root) throws IOException {
    Path real = Files.createDirectories(root, ownerOnly(root)).toRealPath();
    for (int number = 0; ; number++) {
      SpoolDirectory claimed = tryClaim(real.resolve(Integer.toString(number)));
      if (claimed != null) {
        return claimed;
      }
    }
  }

  /** Takes every directory that has segments and that nobody holds. */
  static List<SpoolDirectory> claimOrphans(Path root) throws IOException {
    List<SpoolDirectory> orphans = new ArrayList<>();
    Path real = root.toRealPath();
    try (Stream<Path> children = Files.list(real)) {
      for (Path child : children.sorted().toList()) {
        boolean hasSegments =
            NUMBER.matcher(child.getFileName().toString()).matches()
                && Files.isDirectory(child)
                && !segmentsIn(child).isEmpty();
        SpoolDirectory claimed = hasSegments ? tryClaim(child) : null;
        if (claimed != null) {
          orphans.add(claimed);
        }
      }
    }
    return orphans;
  }

  private static @Nullable SpoolDirectory tryClaim(Path path) throws IOException {
    String held = HELD + path;
    if (System.getProperties().putIfAbsent(held, "") != null) {
      return null;
    }
    FileChannel channel = null;
    boolean claimed = false;
    try {
      Files.createDirectories(path, ownerOnly(path));
      channel =
          FileChannel.open(
              path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      SpoolDirectory directory = lock == null ? null : new SpoolDirectory(path, held, channel);
      claimed = directory != null;
      return directory;
    } finally {
      if (!claimed) {
        try {
          if (channel != null) {
            channel.close();
          }
        } finally {
          System.getProperties().remove(held);
        }
      }
    }
  }

  /** Events are nobody else's business on a shared machine. */
  private static FileAttribute<?>[] ownerOnly(Path path) {
    return FileSystems.getDefault().equals(path.getFileSystem())
            && path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** The segments in it, oldest first. */
  List<Path> segments() throws IOException {
    return segmentsIn(path);
  }

  private static List<Path> segmentsIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> SEGMENT.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  /** The file of the segment with this number. */
  Path segment(long number) {
    return path.resolve("%016d%s".formatted(number, SUFFIX));
  }

  /** The number after those of all segments in it. */
  long nextNumber() throws IOException {
    List<Path> segments = segments();
    if (segments.isEmpty()) {
      return 1;
    }
    String last = segments.get(segments.size() - 1).getFileName().toString();
    return 1 + Long.parseLong(last.substring(0, last.length() - SUFFIX.length()));
  }

  /** Whether it was not removed, and with it the right to it. */
  boolean isThere() {
    try {
      return Objects.equals(lockFileKey, lockFileKey(path));
    } catch (IOException e) {
      return false;
    }
  }

  /** Gives it up. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      // The descriptor is gone all the same, and the lock with it.
    } finally {
      System.getProperties().remove(held);
    }
  }
}
