// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that accepts connections and stays silent, until it becomes a proxy of another. */
final class LateServer implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  private final CompletableFuture<String> target = new CompletableFuture<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  LateServer() throws IOException {
    threads.execute(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on passes all on to the server at this {@code host:port}, and back. */
  void become(String hostAndPort) {
    target.complete(hostAndPort);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        var unused = target.thenAcceptAsync(server -> connect(client, server), threads);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void connect(Socket client, String server) {
    int colon = server.lastIndexOf(':');
    try {
      Socket to =
          new Socket(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
      sockets.add(to);
      threads.execute(() -> copy(client, to));
      copy(to, client);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them is closed.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
