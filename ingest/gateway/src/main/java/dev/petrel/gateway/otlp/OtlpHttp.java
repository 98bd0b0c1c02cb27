// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.petrel.gateway.http.Protocol;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.Receipt;
import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.intake.RefusedException.Reason;
import org.jspecify.annotations.Nullable;

/** OTLP over HTTP, in protobuf and in JSON; answers in the form of the request. Thread-safe. */
public final class OtlpHttp implements Protocol {

  private static final MediaType PROTOBUF = MediaType.create("application", "x-protobuf");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Signal signal;
  private final OtlpDecoder decoder;

  /** The way of a signal. */
  public OtlpHttp(Signal signal, OtlpDecoder decoder) {
    this.signal = signal;
    this.decoder = decoder;
  }

  @Override
  public String way() {
    return "otlp_http";
  }

  @Override
  public Decoded decode(@Nullable MediaType type, byte[] body) {
    return signal.read(body, isJson(type), decoder);
  }

  /** Whether it is JSON; protobuf otherwise. */
  private static boolean isJson(@Nullable MediaType type) {
    if (type == null || type.subtype().contains("protobuf")) {
      return false;
    }
    if (type.belongsTo(MediaType.JSON)) {
      return true;
    }
    throw new RefusedException(
        Reason.UNSUPPORTED, "content-type must be application/x-protobuf or application/json");
  }

  @Override
  public HttpResponse acknowledged(@Nullable MediaType type, Receipt receipt) {
    int rejected = receipt.rejections().size();
    String message = OtlpStatus.message(receipt.rejections());
    if (type == null || !type.belongsTo(MediaType.JSON)) {
      return HttpResponse.of(
          HttpStatus.OK,
          PROTOBUF,
          signal.response(rejected, message == null ? "" : message).toByteArray());
    }
    ObjectNode answer = JSON.createObjectNode();
    if (rejected > 0) {
      answer
          .putObject("partialSuccess")
          .put(signal.rejectedName(), Integer.toString(rejected))
          .put("errorMessage", message);
    }
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON, answer.toString());
  }

  @Override
  public HttpResponse refused(@Nullable MediaType type, RefusedException refusal) {
    boolean isJson = type != null && type.belongsTo(MediaType.JSON);
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(refusal.reason().httpStatus())
            .contentType(isJson ? MediaType.JSON : PROTOBUF);
    Long retryAfter = refusal.retryAfterSeconds();
    if (retryAfter != null) {
      headers.addLong(HttpHeaderNames.RETRY_AFTER, retryAfter);
    }
    if (refusal.reason() == Reason.UNAUTHENTICATED) {
      headers.add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    HttpData body =
        isJson
            ? HttpData.ofUtf8(
                JSON.createObjectNode()
                    .put("code", refusal.reason().grpcStatus())
                    .put("message", refusal.message())
                    .toString())
            : HttpData.wrap(OtlpStatus.of(refusal));
    return HttpResponse.of(headers.build(), body);
  }
}
