// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.completion.EventCompletion;
import dev.petrel.event.redaction.KeyedHash;
import dev.petrel.gateway.http.Protocol;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.Intake;
import dev.petrel.gateway.intake.IntakeMeters;
import dev.petrel.gateway.intake.Privacy;
import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.json.EventDecoder;
import dev.petrel.gateway.json.JsonApi;
import dev.petrel.gateway.litellm.PayloadDecoder;
import dev.petrel.gateway.otlp.OtlpDecoder;
import dev.petrel.gateway.otlp.OtlpGrpc;
import dev.petrel.gateway.otlp.OtlpHttp;
import dev.petrel.gateway.otlp.Signal;
import dev.petrel.gateway.sources.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged and senseless bodies, made from good ones: each is decoded, or refused with a reason, and
 * what is decoded can be stored and read again. {@code -Dpetrel.soak} makes a million, {@code
 * -Dpetrel.seed} repeats a run.
 */
class DecoderFuzzTest {

  private static final int INPUTS =
      Integer.getInteger(
          "petrel.soak.inputs", Boolean.getBoolean("petrel.soak") ? 1_000_000 : 12_000);

  private static final int MAX_BYTES = 64 * 1024;

  /** What breaks parsers, and what breaks those who believe them. */
  private static final List<String> TOKENS =
      List.of(
          "null",
          "true",
          "-1",
          "1e999",
          "9223372036854775808",
          "0.1e-400",
          "{}",
          "[]",
          "\"\"",
          "[[[[[[[[",
          "{\"a\":",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\u20ac",
          "\\",
          ",",
          ":",
          "\"",
          "18446744073709551615",
          "-0",
          "NaN",
          "\"none\"",
          "\"1e30\"",
          "1795521600000",
          "99999999");

  private record Way(Protocol protocol, MediaType type, byte[] good) {}

  private final Random random;
  private final long seed = Long.getLong("petrel.seed", new Random().nextLong());
  private final LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());
  private final FakeCallSink sink = new FakeCallSink();
  private final Intake intake =
      new Intake(
          sink,
          new EventCompletion(null),
          new Privacy(KeyedHash.withKey(new byte[16]), List.of("a", "error.type")),
          InstantSource.system(),
          new IntakeMeters(new SimpleMeterRegistry()));

  DecoderFuzzTest() {
    random = new Random(seed);
  }

  private static List<Way> ways() {
    OtlpDecoder decoder = new OtlpDecoder(List.of("error.type"), List.of("a", "error.type"));
    byte[] spans =
        TestSpans.request(
                TestSpans.http("00000000000000b2", "00000000000000a1", 429, 0, 10),
                TestSpans.http("00000000000000c3", "00000000000000a1", 200, 10, 20),
                TestSpans.call("00000000000000a1", ""))
            .toByteArray();
    byte[] framed =
        ByteBuffer.allocate(5 + spans.length).put((byte) 0).putInt(spans.length).put(spans).array();
    String json =
        """
        {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"%s","spanId":"00000000000000a1",
        "name":"chat","kind":3,"startTimeUnixNano":"1795521600000000000","endTimeUnixNano":1795521601000000000,
        "status":{"code":2,"message":"Error code: 429 - {'error': {'code': 'x'}}"},"attributes":[
        {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
        {"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}},
        {"key":"gen_ai.usage.cost","value":{"doubleValue":0.1}},
        {"key":"gen_ai.response.finish_reasons","value":{"arrayValue":{"values":[{"stringValue":"stop"}]}}}]}]}]}]}
        """
            .formatted(TestSpans.TRACE);
    String event =
        GatewayFixture.event(
            "e1", "\"user\":\"jane\"", "\"attributes\":{\"a\":\"b\"}", "\"input_tokens\":5");
    String litellm =
        """
        {"id":"x","call_type":"acompletion","status":"failure","startTime":1795521600.5,"endTime":1795521602,
        "response_cost":0.1,"prompt_tokens":5,"stream":true,"completionStartTime":1795521601,
        "error_information":{"error_code":"429","error_class":"RateLimitError","error_message":"slow down"},
        "metadata":{"user_api_key_user_id":"u","usage_object":{"cache_read_input_tokens":9}},
        "hidden_params":{"additional_headers":{"x_ratelimit_limit_requests":1}}}
        """;
    return List.of(
        new Way(new OtlpHttp(Signal.TRACES, decoder), MediaType.PROTOBUF, spans),
        new Way(new OtlpHttp(Signal.LOGS, decoder), MediaType.PROTOBUF, spans),
        new Way(new OtlpGrpc(Signal.TRACES, decoder), MediaType.parse("application/grpc"), framed),
        new Way(new OtlpHttp(Signal.TRACES, decoder), MediaType.JSON, json.getBytes(UTF_8)),
        new Way(
            new JsonApi("json", new EventDecoder(InstantSource.system())),
            MediaType.JSON,
            ("[" + event + "," + event + "]").getBytes(UTF_8)),
        new Way(
            new JsonApi("json", new EventDecoder(InstantSource.system())),
            MediaType.parse("application/x-ndjson"),
            (event + "\n" + event).getBytes(UTF_8)),
        new Way(
            new JsonApi("litellm", new PayloadDecoder()), MediaType.JSON, litellm.getBytes(UTF_8)));
  }

  @Test
  void decode_ofAnything_isCallsOrARefusal() throws Exception {
    List<Way> ways = ways();
    Source source = Source.trusted("fuzz");
    int decodedInputs = 0;
    int events = 0;
    for (int i = 0; i < INPUTS; i++) {
      Way way = ways.get(i % ways.size());
      byte[] body = damaged(way.good());
      try {
        byte[] unpacked =
            way.protocol()
                .unpack(
                    RequestHeaders.of(
                        com.linecorp.armeria.common.HttpMethod.POST,
                        "/",
                        "content-type",
                        way.type().toString()),
                    body,
                    MAX_BYTES,
                    bytes -> {});
        Decoded decoded = way.protocol().decode(way.type(), unpacked);
        decodedInputs++;
        int accepted = intake.accept(source, "fuzz", decoded).join().accepted();
        assertThat(accepted).isEqualTo(sink.stored.size());
        for (LlmCallEvent event : sink.stored) {
          assertThat(codec.decode(codec.encode(event)).eventId()).isEqualTo(event.eventId());
        }
        events += accepted;
        sink.stored.clear();
      } catch (RefusedException e) {
        assertThat(e.reason().httpStatus()).isBetween(400, 429);
      } catch (Throwable e) {
        throw new AssertionError(
            "-Dpetrel.seed=%d, input %d of %s: %s"
                .formatted(seed, i, way.protocol().way(), new String(body, UTF_8)),
            e);
      }
    }
    // Damage that leaves nothing to decode would test nothing.
    assertThat(decodedInputs).as("seed %d", seed).isGreaterThan(INPUTS / 10);
    assertThat(events).as("seed %d", seed).isGreaterThan(INPUTS / 50);
  }

  /**
   * A good body with up to four changes: bytes, cuts, repeats, and tokens in the place of others.
   */
  private byte[] damaged(byte[] good) {
    byte[] body = good;
    for (int changes = random.nextInt(4); changes >= 0; changes--) {
      int at = random.nextInt(Math.max(body.length, 1));
      body =
          switch (random.nextInt(7)) {
            case 0 -> replaced(body, at, 1, new byte[] {(byte) random.nextInt(256)});
            case 1 -> replaced(body, at, random.nextInt(8), new byte[0]);
            case 2 -> replaced(body, at, body.length, new byte[0]);
            case 3 -> replaced(body, at, 0, slice(body, random.nextInt(body.length + 1)));
            case 4, 5 -> {
              byte[] token = TOKENS.get(random.nextInt(TOKENS.size())).getBytes(UTF_8);
              int[] value = value(body, at);
              yield replaced(body, value[0], value[1] - value[0], token);
            }
            default -> {
              byte[] noise = new byte[random.nextInt(64)];
              random.nextBytes(noise);
              yield replaced(body, at, 0, noise);
            }
          };
    }
    return body;
  }

  /** The JSON value behind the next colon, as far as that can be told. */
  private static int[] value(byte[] body, int at) {
    int start = at;
    while (start < body.length && body[start] != ':') {
      start++;
    }
    start = Math.min(start + 1, body.length);
    int end = start;
    while (end < body.length && body[end] != ',' && body[end] != '}' && body[end] != ']') {
      end++;
    }
    return new int[] {start, end};
  }

  private byte[] slice(byte[] body, int start) {
    int length = Math.min(body.length - start, random.nextInt(256));
    byte[] slice = new byte[length];
    System.arraycopy(body, start, slice, 0, length);
    return slice;
  }

  private static byte[] replaced(byte[] body, int at, int length, byte[] by) {
    int start = Math.min(at, body.length);
    int end = (int) Math.min((long) at + length, body.length);
    return ByteBuffer.allocate(start + by.length + body.length - end)
        .put(body, 0, start)
        .put(by)
        .put(body, end, body.length - end)
        .array();
  }
}
