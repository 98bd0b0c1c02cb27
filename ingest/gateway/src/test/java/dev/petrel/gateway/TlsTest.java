// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.TlsKeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ports with a certificate. */
class TlsTest {

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  @TempDir private Path directory;

  private Path pem(String name, String kind, byte[] bytes) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, LINES.encodeToString(bytes), kind));
  }

  @Test
  void gateway_withACertificate_speaksTlsOnly() throws IOException, CertificateEncodingException {
    TlsKeyPair pair = TlsKeyPair.ofSelfSigned("localhost");
    Path key = pem("key.pem", "PRIVATE KEY", pair.privateKey().getEncoded());
    Path certificate = pem("cert.pem", "CERTIFICATE", pair.certificateChain().get(0).getEncoded());
    try (GatewayFixture gateway =
            new GatewayFixture(
                "gateway.tls_certificate_file=" + certificate, "gateway.tls_key_file=" + key);
        ClientFactory trusting =
            ClientFactory.builder()
                .tlsCustomizer(tls -> tls.trustManager(pair.certificateChain()))
                .build()) {
      WebClient client =
          WebClient.builder("https://localhost:" + gateway.gateway.httpPort())
              .factory(trusting)
              .build();

      assertThat(
              client
                  .post("/v1/llm-calls", GatewayFixture.event("e1"))
                  .aggregate()
                  .join()
                  .status()
                  .code())
          .isEqualTo(202);
      assertThatThrownBy(() -> gateway.post("/v1/llm-calls", GatewayFixture.event("e2")))
          .hasRootCauseInstanceOf(IOException.class);
      assertThat(gateway.only().eventId()).isEqualTo("e1");
    }
  }

  @Test
  void gateway_withHalfACertificate_doesNotStart() {
    assertThatThrownBy(() -> new GatewayFixture("gateway.tls_key_file=/no/such"))
        .hasMessageContaining("gateway.tls_certificate_file and gateway.tls_key_file go together");
    assertThatThrownBy(
            () ->
                new GatewayFixture(
                    "gateway.tls_certificate_file=/no/such", "gateway.tls_key_file=/no/such"))
        .hasMessageContaining("cannot be used");
  }
}
