// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.petrel.gateway.otlp.OtlpGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** OTLP over gRPC, on the wire. */
class GrpcTest {

  private static final String A = "00000000000000a1";
  private static final String B = "00000000000000b2";

  private static byte[] framed(int flag, byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) flag)
        .putInt(message.length)
        .put(message)
        .array();
  }

  private static byte[] spans(Span.Builder... spans) {
    return TestSpans.request(spans).toByteArray();
  }

  private static AggregatedHttpResponse call(
      GatewayFixture gateway, String type, byte[] body, String... headers) {
    RequestHeaders request =
        RequestHeaders.builder(HttpMethod.POST, OtlpGrpc.TRACES)
            .set("content-type", type)
            .set("te", "trailers")
            .build();
    if (headers.length > 0) {
      request = request.toBuilder().set(headers[0], headers[1]).build();
    }
    return WebClient.of("h2c://127.0.0.1:" + gateway.gateway.grpcPort())
        .execute(request, HttpData.wrap(body))
        .aggregate()
        .join();
  }

  /** In the headers when there is no message, behind it otherwise. */
  private static String status(AggregatedHttpResponse answer) {
    HttpHeaders trailers = answer.trailers();
    return trailers.get("grpc-status", answer.headers().get("grpc-status", "none"));
  }

  @Test
  void export_isAnsweredWithAMessageAndAStatus() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture()) {
      AggregatedHttpResponse answer =
          call(gateway, "application/grpc", framed(0, spans(TestSpans.call(A, ""))));

      assertThat(answer.status().code()).isEqualTo(200);
      assertThat(status(answer)).isEqualTo("0");
      assertThat(answer.content().array()).isEqualTo(framed(0, new byte[0]));
      assertThat(gateway.only().eventId()).endsWith(A);
    }
  }

  @Test
  void export_readsGzip_andTellsAPartialSuccess() throws Exception {
    byte[] packed =
        GatewayFixture.gzip(
            spans(TestSpans.call(A, "").setStartTimeUnixNano(1), TestSpans.call(B, "")));
    try (GatewayFixture gateway = new GatewayFixture()) {
      AggregatedHttpResponse answer =
          call(gateway, "application/grpc+proto", framed(1, packed), "grpc-encoding", "gzip");

      byte[] message = answer.content().array();
      ExportTraceServiceResponse response =
          ExportTraceServiceResponse.parseFrom(Arrays.copyOfRange(message, 5, message.length));
      assertThat(response.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
      assertThat(response.getPartialSuccess().getErrorMessage()).startsWith("item 0:");
      assertThat(gateway.only().eventId()).endsWith(B);
    }
  }

  @Test
  void export_whileKafkaIsAway_isUnavailable_withTheTimeToRetry() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      gateway.sink.isAway = true;

      AggregatedHttpResponse answer =
          call(gateway, "application/grpc", framed(0, spans(TestSpans.call(A, ""))));

      assertThat(status(answer)).isEqualTo("14");
      byte[] details = Base64.getDecoder().decode(answer.headers().get("grpc-status-details-bin"));
      assertThat(new String(details, StandardCharsets.ISO_8859_1))
          .contains("type.googleapis.com/google.rpc.RetryInfo");
    }
  }

  @Test
  void export_ofWhatIsNoMessage_isRefused() {
    byte[] message = spans(TestSpans.call(A, ""));
    byte[] bomb = framed(1, GatewayFixture.gzip(new byte[1024 * 1024]));
    try (GatewayFixture gateway = new GatewayFixture("gateway.max_request_bytes=2048")) {
      assertThat(status(call(gateway, "application/grpc", new byte[3]))).isEqualTo("3");
      byte[] two = Arrays.copyOf(framed(0, message), message.length + 9);
      assertThat(status(call(gateway, "application/grpc", two))).isEqualTo("3");
      assertThat(status(call(gateway, "application/grpc", framed(0, new byte[] {1, 2, 3}))))
          .isEqualTo("3");
      assertThat(status(call(gateway, "application/grpc", framed(1, message)))).isEqualTo("12");
      assertThat(status(call(gateway, "text/plain", framed(0, message)))).isEqualTo("12");
      assertThat(status(call(gateway, "application/grpc", bomb, "grpc-encoding", "gzip")))
          .isEqualTo("8");
      assertThat(gateway.sink.stored).isEmpty();
    }
  }
}
