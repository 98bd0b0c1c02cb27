// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import dev.petrel.gateway.intake.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * The way of JSON items over HTTP. 202: all are stored. 400: those that are named are not, the
 * others are. Thread-safe.
 */
public final class JsonApi implements Protocol {

  /** What a sender needs to see what is wrong, and no answer that is larger than the request. */
  private static final int MAX_NAMED = 100;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String way;
  private final JsonItems.ItemDecoder decoder;

  /**
   * A way.
   *
   * @param way its name in metrics
   * @param decoder of one item
   */
  public JsonApi(String way, JsonItems.ItemDecoder decoder) {
    this.way = way;
    this.decoder = decoder;
  }

  @Override
  public String way() {
    return way;
  }

  @Override
  public Decoded decode(@Nullable MediaType type, byte[] body) {
    Decoded decoded = JsonItems.decode(type, body, decoder);
    if (decoded.calls().isEmpty()
        && decoded.rejections().isEmpty()
        && decoded.skipped().isEmpty()) {
      throw new RefusedException(Reason.MALFORMED, "the body has no item");
    }
    return decoded;
  }

  @Override
  public HttpResponse acknowledged(@Nullable MediaType type, Receipt receipt) {
    ObjectNode body = JSON.createObjectNode().put("accepted", receipt.accepted());
    if (receipt.rejections().isEmpty()) {
      return HttpResponse.of(HttpStatus.ACCEPTED, MediaType.JSON, body.toString());
    }
    body.put("rejected", receipt.rejections().size());
    ArrayNode named = body.putArray("rejections");
    receipt.rejections().stream()
        .limit(MAX_NAMED)
        .forEach(rejection -> write(rejection, named.addObject()));
    return HttpResponse.of(HttpStatus.BAD_REQUEST, MediaType.JSON, body.toString());
  }

  private static void write(Rejection rejection, ObjectNode node) {
    node.put("index", rejection.index()).put("reason", rejection.reason());
    if (rejection.field() != null) {
      node.put("field", rejection.field());
    }
    node.put("message", rejection.message());
  }

  @Override
  public HttpResponse refused(@Nullable MediaType type, RefusedException refusal) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(refusal.reason().httpStatus()).contentType(MediaType.JSON);
    Long retryAfter = refusal.retryAfterSeconds();
    if (retryAfter != null) {
      headers.addLong(HttpHeaderNames.RETRY_AFTER, retryAfter);
    }
    if (refusal.reason() == Reason.UNAUTHENTICATED) {
      headers.add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    ObjectNode body =
        JSON.createObjectNode()
            .put("error", refusal.reason().wireName())
            .put("message", refusal.message());
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(body.toString()));
  }
}
