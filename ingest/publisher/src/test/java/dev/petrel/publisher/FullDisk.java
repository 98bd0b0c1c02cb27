// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Real files on a disk with so much room: as POSIX has it, a write that does not fit is cut off.
 */
final class FullDisk implements SpoolSegment.FileOpener {
  final AtomicLong room = new AtomicLong(Long.MAX_VALUE);

  @Override
  public SeekableByteChannel create(Path file) throws IOException {
    return new Limited(SpoolSettings.createFile(file));
  }

  private final class Limited implements SeekableByteChannel {
    private final SeekableByteChannel to;

    Limited(SeekableByteChannel to) {
      this.to = to;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      int fits = (int) Math.min(room.get(), from.remaining());
      if (fits == 0) {
        throw new IOException("No space left on device");
      }
      ByteBuffer cut = from.duplicate();
      cut.limit(from.position() + fits);
      int written = to.write(cut);
      from.position(from.position() + written);
      room.addAndGet(-written);
      return written;
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      to.truncate(size);
      return this;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return to.read(into);
    }

    @Override
    public long position() throws IOException {
      return to.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      to.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return to.size();
    }

    @Override
    public boolean isOpen() {
      return to.isOpen();
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }
}
