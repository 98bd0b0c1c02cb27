// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortOwnerTest {
  @Test
  void of_isListener() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(PortOwner.of(socket.getLocalPort())).hasValue(ProcessHandle.current().pid());
    }
  }

  @Test
  void of_isEmptyForFreePort() {
    assertThat(PortOwner.of(Ports.free())).isEmpty();
  }

  @Test
  void requireFree_refusesListenerOnAllInterfaces() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      assertThatThrownBy(() -> Ports.requireFree(socket.getLocalPort(), "kafka", "--kafka"))
          .isInstanceOf(ServerStartException.class)
          .hasMessageStartingWith(
              "Port %d, which kafka needs, is taken by process %d"
                  .formatted(socket.getLocalPort(), ProcessHandle.current().pid()));
    }
  }
}
