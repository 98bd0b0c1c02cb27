// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.OptionalLong;

/** TCP ports on the loopback interface. */
final class Ports {
  private static final int CONNECT_TIMEOUT_MILLIS = 500;

  private Ports() {}

  /** A port that was free a moment ago: another process can still be faster. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on " + InetAddress.getLoopbackAddress(), e);
    }
  }

  /** Another one: one that has been given back may be given again at once. */
  static int freeBesides(int taken) {
    int port = free();
    while (port == taken) {
      port = free();
    }
    return port;
  }

  static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @param useIt the option that makes Petrel use what listens on the port
   */
  static void requireFree(int port, String server, String useIt) {
    // A listener on all interfaces does not stop a bind to one of them everywhere: ask both ways.
    if (accepts(port) || !binds(port)) {
      OptionalLong owner = PortOwner.of(port);
      String by =
          owner.isPresent()
              ? "process " + owner.getAsLong() + command(owner.getAsLong())
              : "another process";
      throw new ServerStartException(
          "Port %d, which %s needs, is taken by %s: stop that, or use it with %s"
              .formatted(port, server, by, useIt));
    }
  }

  private static boolean binds(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static String command(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().command())
        .map(command -> " (" + command + ")")
        .orElse("");
  }
}
