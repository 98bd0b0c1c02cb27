// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import dev.petrel.service.Setting;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One port of the gateway with its paths. */
final class GatewayServer implements AutoCloseable {

  private static final Duration QUIET = Duration.ofMillis(200);

  private final Setting<Integer> portSetting;
  private final InetSocketAddress address;
  private final Server server;

  /**
   * What a port listens with.
   *
   * @param timeout within which a request is answered
   * @param tls certificate and key; null for none
   */
  record Options(Duration timeout, @Nullable TlsKeyPair tls) {}

  /**
   * A port that does not listen yet.
   *
   * @param portSetting that names the port, for errors
   * @param address port 0 picks a free one
   * @param paths services by path
   */
  GatewayServer(
      Setting<Integer> portSetting,
      InetSocketAddress address,
      Map<String, HttpService> paths,
      Options options) {
    this.portSetting = portSetting;
    this.address = address;
    ServerBuilder builder =
        Server.builder()
            // The endpoints bound it, so that each answers in its own protocol.
            .maxRequestLength(0)
            .requestTimeout(options.timeout())
            .gracefulShutdownTimeout(QUIET, options.timeout().plusSeconds(1))
            .disableServerHeader();
    TlsKeyPair tls = options.tls();
    if (tls == null) {
      builder.port(address, SessionProtocol.HTTP);
    } else {
      builder.port(address, SessionProtocol.HTTPS).tls(tls);
    }
    paths.forEach(builder::service);
    server = builder.build();
  }

  /**
   * Listens.
   *
   * @throws IllegalStateException when it cannot; names the port and what to set
   */
  void start() {
    try {
      server.start().join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "gateway: cannot listen on %s port %d%s; set %s (%s) to another port, or to 0 for any free one"
              .formatted(
                  address.getHostString(),
                  address.getPort(),
                  e.getCause() instanceof BindException ? ": it is taken" : ": " + e.getCause(),
                  portSetting.key(),
                  portSetting.environmentVariable()),
          e);
    }
  }

  /** The port listened on. */
  int port() {
    return server.activeLocalPort();
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
