// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import dev.petrel.service.Setting;
import java.time.Duration;
import java.util.List;

/** The settings of the gateway. */
public final class GatewaySettings {

  /** What both ports listen on. */
  public static final Setting<String> HOST =
      Setting.text(
          "gateway.host",
          "127.0.0.1",
          "Address that the gateway listens on. Any but loopback needs gateway.sources_file, or"
              + " gateway.anonymous.");

  /** The port of OTLP/HTTP and the JSON API. */
  public static final Setting<Integer> HTTP_PORT =
      Setting.number(
          "gateway.http_port",
          4318,
          0,
          65_535,
          "Port of OTLP/HTTP, /v1/llm-calls and /v1/litellm; 0 takes any that is free.");

  /** The port of OTLP/gRPC. */
  public static final Setting<Integer> GRPC_PORT =
      Setting.number(
          "gateway.grpc_port", 4317, 0, 65_535, "Port of OTLP/gRPC; 0 takes any that is free.");

  /** Who may write. */
  public static final Setting<String> SOURCES_FILE =
      Setting.text(
          "gateway.sources_file",
          null,
          "YAML file of the sources that may write, with their tokens, tenants and limits; unset ="
              + " anyone who reaches the port.");

  /** Whether everyone may write from anywhere. */
  public static final Setting<Boolean> ANONYMOUS =
      Setting.flag(
          "gateway.anonymous",
          false,
          "Lets anyone write who reaches the port, though it is not on loopback.");

  /** The certificate chain. */
  public static final Setting<String> TLS_CERTIFICATE_FILE =
      Setting.text(
          "gateway.tls_certificate_file",
          null,
          "PEM file of the certificate chain; with it both ports speak TLS only.");

  /** The key of {@link #TLS_CERTIFICATE_FILE}. */
  public static final Setting<String> TLS_KEY_FILE =
      Setting.text("gateway.tls_key_file", null, "PEM file of the certificate's private key.");

  /** The largest request. */
  public static final Setting<Integer> MAX_REQUEST_BYTES =
      Setting.number(
          "gateway.max_request_bytes",
          16 * 1024 * 1024,
          1_024,
          256 * 1024 * 1024,
          "Largest request, before and after decompression, in bytes; larger ones get 413.");

  /** All requests at once. */
  public static final Setting<Integer> MAX_IN_FLIGHT_BYTES =
      Setting.number(
          "gateway.max_in_flight_bytes",
          64 * 1024 * 1024,
          1_024,
          Integer.MAX_VALUE,
          "Requests being read or waiting for Kafka, in bytes together; what comes on top gets 429.");

  /** How long Kafka may take. */
  public static final Setting<Duration> ACK_TIMEOUT =
      Setting.duration(
          "gateway.ack_timeout",
          "5s",
          "How long Kafka may take to acknowledge before a request gets 503; less than the"
              + " senders' own timeout, which is 10s with OTLP.");

  /** The key of user hashes. */
  public static final Setting<String> USER_HASH_KEY =
      Setting.secret(
          "gateway.user_hash_key",
          "Key under which raw user ids are hashed, 16 bytes or more, the same as the"
              + " applications'; without it raw user ids are dropped.");

  /** What of the extras is kept. */
  public static final Setting<List<String>> ATTRIBUTES =
      Setting.list(
          "gateway.attributes",
          "",
          "Names of span attributes, and of an event's attributes, that are kept; all others are"
              + " dropped.");

  /** Where the tenant stands. */
  public static final Setting<List<String>> TENANT_ATTRIBUTES =
      Setting.list(
          "gateway.tenant_attributes",
          "",
          "Span or resource attributes that hold the tenant; looked at before those known anyway.");

  /** Prices. */
  public static final Setting<String> PRICES_FILE =
      Setting.text(
          "gateway.prices_file",
          null,
          "YAML file of prices that go before the bundled ones, see docs/prices.md.");

  /** The Collector's batches in protobuf. */
  public static final Setting<List<String>> OTLP_PROTO_TOPICS =
      Setting.list(
          "gateway.otlp_proto_topics",
          "",
          "Topics with traces that a Collector's Kafka exporter writes with encoding otlp_proto.");

  /** The Collector's batches in JSON. */
  public static final Setting<List<String>> OTLP_JSON_TOPICS =
      Setting.list(
          "gateway.otlp_json_topics",
          "",
          "Topics with traces that a Collector's Kafka exporter writes with encoding otlp_json.");

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(
          HOST,
          HTTP_PORT,
          GRPC_PORT,
          SOURCES_FILE,
          ANONYMOUS,
          TLS_CERTIFICATE_FILE,
          TLS_KEY_FILE,
          MAX_REQUEST_BYTES,
          MAX_IN_FLIGHT_BYTES,
          ACK_TIMEOUT,
          USER_HASH_KEY,
          ATTRIBUTES,
          TENANT_ATTRIBUTES,
          PRICES_FILE,
          OTLP_PROTO_TOPICS,
          OTLP_JSON_TOPICS);

  private GatewaySettings() {}
}
