// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.petrel.gateway.http.Gzip;
import dev.petrel.gateway.http.Protocol;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.Receipt;
import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.intake.RefusedException.Reason;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over gRPC. Its calls are unary, so that a message is five bytes and a body: no more of gRPC
 * is needed than this class has, and its bodies are bounded as those of HTTP are. Thread-safe.
 */
public final class OtlpGrpc implements Protocol {

  /** The path of traces. */
  public static final String TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  /** The path of logs. */
  public static final String LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

  private static final MediaType GRPC = MediaType.create("application", "grpc");

  /** A flag and a length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
  private static final int PREFIX = 5;

  private final Signal signal;
  private final OtlpDecoder decoder;

  /** The way of a signal. */
  public OtlpGrpc(Signal signal, OtlpDecoder decoder) {
    this.signal = signal;
    this.decoder = decoder;
  }

  @Override
  public String way() {
    return "otlp_grpc";
  }

  @Override
  public byte[] unpack(RequestHeaders headers, byte[] body, int maxBytes, LongConsumer growing) {
    MediaType type = headers.contentType();
    if (type == null || !type.subtype().startsWith("grpc") || type.subtype().contains("json")) {
      throw new RefusedException(Reason.UNSUPPORTED, "content-type must be application/grpc");
    }
    if (body.length < PREFIX) {
      throw new RefusedException(Reason.MALFORMED, "no gRPC message");
    }
    ByteBuffer prefix = ByteBuffer.wrap(body);
    boolean isCompressed = prefix.get() == 1;
    if (prefix.getInt() != body.length - PREFIX) {
      throw new RefusedException(Reason.MALFORMED, "not exactly one gRPC message");
    }
    byte[] message = new byte[body.length - PREFIX];
    prefix.get(message);
    if (!isCompressed) {
      return message;
    }
    if (!"gzip".equals(headers.get("grpc-encoding"))) {
      throw new RefusedException(Reason.UNSUPPORTED, "grpc-encoding must be gzip or identity");
    }
    return Gzip.decompress(message, maxBytes, growing);
  }

  @Override
  public Decoded decode(@Nullable MediaType type, byte[] body) {
    return signal.read(body, false, decoder);
  }

  @Override
  public HttpResponse acknowledged(@Nullable MediaType type, Receipt receipt) {
    String message = OtlpStatus.message(receipt.rejections());
    byte[] answer =
        signal.response(receipt.rejections().size(), message == null ? "" : message).toByteArray();
    byte[] framed =
        ByteBuffer.allocate(PREFIX + answer.length)
            .put((byte) 0)
            .putInt(answer.length)
            .put(answer)
            .array();
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK).contentType(GRPC).build(),
        HttpData.wrap(framed),
        HttpHeaders.of("grpc-status", "0"));
  }

  /** The status stands in the headers, as there is no message (gRPC's "Trailers-Only"). */
  @Override
  public HttpResponse refused(@Nullable MediaType type, RefusedException refusal) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(GRPC)
            .addInt("grpc-status", refusal.reason().grpcStatus())
            .add("grpc-message", refusal.message())
            .add(
                "grpc-status-details-bin",
                Base64.getEncoder().withoutPadding().encodeToString(OtlpStatus.of(refusal)));
    return HttpResponse.of(headers.build());
  }
}
