// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP server that takes connections and says nothing. */
final class SilentServer implements AutoCloseable {

  private final ServerSocket server;
  private final boolean closes;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private SilentServer(boolean closes) {
    this.closes = closes;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().start(this::accept);
  }

  /** Keeps connections open. */
  static SilentServer thatWaits() {
    return new SilentServer(false);
  }

  /** Closes each connection after its first byte. */
  static SilentServer thatCloses() {
    return new SilentServer(true);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        if (closes && socket.getInputStream().read() >= 0) {
          socket.close();
        }
      } catch (IOException e) {
        // the client or the test has gone
      }
    }
  }

  int port() {
    return server.getLocalPort();
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
