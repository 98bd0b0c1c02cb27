// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A socket that takes lines of text from any number of connections, and counts them. */
final class TcpSink implements AutoCloseable {

  private static final int BACKLOG = 16;
  private static final long PAUSE_MILLIS = 20;

  private final ServerSocket server;
  private final LongAdder lines = new LongAdder();
  private final AtomicInteger open = new AtomicInteger();

  TcpSink() {
    try {
      server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("no socket to listen at", e);
    }
    Thread.ofPlatform().daemon().name("tcp-sink").start(this::accept);
  }

  /** An address of this machine at which nothing listens. */
  static String nobody() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return address(free);
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  private static String address(ServerSocket server) {
    return "127.0.0.1:" + server.getLocalPort();
  }

  String address() {
    return address(server);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        open.incrementAndGet();
        Thread.ofPlatform().daemon().name("tcp-sink-connection").start(() -> count(connection));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void count(Socket connection) {
    try (connection) {
      Lines.count(connection.getInputStream(), lines);
    } catch (IOException e) {
      // The other side broke off; what came until then is counted.
    } finally {
      open.decrementAndGet();
    }
  }

  /** Lines that came so far. */
  long received() {
    return lines.sum();
  }

  /** Waits until all connections have ended, and tells how many lines came. */
  long awaitLines() throws InterruptedException {
    while (open.get() > 0) {
      Thread.sleep(PAUSE_MILLIS);
    }
    return lines.sum();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not stop listening", e);
    }
  }
}
