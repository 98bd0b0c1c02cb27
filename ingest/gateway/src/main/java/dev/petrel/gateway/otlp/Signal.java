// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.intake.RefusedException.Reason;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;

/** What OTLP carries: its messages, and their names. */
public enum Signal {
  /** Spans. */
  TRACES("rejectedSpans") {
    @Override
    Decoded decode(byte[] body, boolean isJson, OtlpDecoder decoder) throws IOException {
      if (!isJson) {
        return decoder.decode(ExportTraceServiceRequest.parseFrom(body));
      }
      ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
      OtlpJson.read(body, request);
      return decoder.decode(request.build());
    }

    @Override
    Message response(int rejected, String message) {
      ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
      if (rejected > 0) {
        response.setPartialSuccess(
            ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(rejected)
                .setErrorMessage(message));
      }
      return response.build();
    }
  },
  /** Log records. */
  LOGS("rejectedLogRecords") {
    @Override
    Decoded decode(byte[] body, boolean isJson, OtlpDecoder decoder) throws IOException {
      if (!isJson) {
        return decoder.decode(ExportLogsServiceRequest.parseFrom(body));
      }
      ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
      OtlpJson.read(body, request);
      return decoder.decode(request.build());
    }

    @Override
    Message response(int rejected, String message) {
      ExportLogsServiceResponse.Builder response = ExportLogsServiceResponse.newBuilder();
      if (rejected > 0) {
        response.setPartialSuccess(
            ExportLogsPartialSuccess.newBuilder()
                .setRejectedLogRecords(rejected)
                .setErrorMessage(message));
      }
      return response.build();
    }
  };

  private final String rejectedName;

  Signal(String rejectedName) {
    this.rejectedName = rejectedName;
  }

  /** What the number of rejected items is called in JSON. */
  String rejectedName() {
    return rejectedName;
  }

  abstract Decoded decode(byte[] body, boolean isJson, OtlpDecoder decoder) throws IOException;

  /** The protocol's answer; without a partial success when nothing is rejected. */
  abstract Message response(int rejected, String message);

  /**
   * The calls of a request.
   *
   * @throws RefusedException when the body is none of this signal's
   */
  public Decoded read(byte[] body, boolean isJson, OtlpDecoder decoder) {
    try {
      return decode(body, isJson, decoder);
    } catch (InvalidProtocolBufferException e) {
      throw new RefusedException(Reason.MALFORMED, "the body is no protobuf message of OTLP");
    } catch (IOException e) {
      // Of Jackson, the message would quote what it could not read.
      throw new RefusedException(Reason.MALFORMED, "the body is no JSON message of OTLP");
    }
  }
}
