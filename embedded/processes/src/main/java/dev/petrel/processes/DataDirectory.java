// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory that one process at a time may use. The right to it is an operating system's lock on
 * its file {@code petrel.lock}, which also names the holder's process id; a holder that died,
 * however it did, holds it no longer.
 *
 * <p>Thread-safe.
 */
public final class DataDirectory implements AutoCloseable {
  /** The least free space to start with. */
  static final long NEEDED_BYTES = 512L * 1024 * 1024;

  private static final String LOCK_FILE = "petrel.lock";

  // POSIX drops a process's lock on a file when it closes *any* descriptor of it: so this JVM must
  // not open a second one, not even to read the process id.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Makes the directory where it is absent, and locks it.
   *
   * @throws ServerStartException if a live process holds it, if it can't be made or written, or if
   *     its disk is nearly full
   */
  public static DataDirectory open(Path directory) {
    try {
      Path real = Files.createDirectories(directory).toRealPath();
      requireSpace(real, Files.getFileStore(real).getUsableSpace());
      if (!HELD.add(real)) {
        throw alreadyRunning(real, ProcessHandle.current().pid() + " (this process)");
      }
      @Nullable FileChannel channel = null;
      try {
        channel = lock(real);
        return new DataDirectory(real, channel);
      } finally {
        if (channel == null) {
          HELD.remove(real);
        }
      }
    } catch (IOException e) {
      throw new ServerStartException(
          "Can't use %s as a data directory: %s; make it writable, or use --data-dir"
              .formatted(directory, e),
          e);
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK_FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      // The lock lies far behind the text: where locks are mandatory, it must stay readable.
      @Nullable FileLock lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
      if (lock == null) {
        throw alreadyRunning(directory, read(channel));
      }
      channel.truncate(0);
      channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
      locked = true;
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(32);
    channel.read(text, 0);
    String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
    // Empty for the instant between another process's lock and its writing.
    return pid.isEmpty() ? "?" : pid;
  }

  private static ServerStartException alreadyRunning(Path directory, String pid) {
    return new ServerStartException(
        "Petrel on %s is already running as pid %s: stop it or use --data-dir"
            .formatted(directory, pid));
  }

  static void requireSpace(Path directory, long usableBytes) {
    if (usableBytes < NEEDED_BYTES) {
      throw new ServerStartException(
          "The disk of %s is nearly full: %d MB are free, %d MB are needed; make room or use --data-dir"
              .formatted(directory, usableBytes >> 20, NEEDED_BYTES >> 20));
    }
  }

  /** The real path of the directory. */
  public Path path() {
    return path;
  }

  /** Gives the directory up. Does nothing the second time. */
  @Override
  public void close() {
    if (channel.isOpen()) {
      try {
        channel.close();
      } catch (IOException e) {
        // The descriptor is gone all the same, and the lock with it.
      }
      HELD.remove(path);
    }
  }
}
