// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.service.KafkaSettings;
import dev.petrel.test.servers.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real clients before the gateway, and a real broker behind it. */
@Timeout(120)
class GatewayIT {

  private static final String BOOTSTRAP = TestServers.kafka().bootstrapServers();
  private static final String PROTO_TOPIC = "otlp_spans";
  private static final String JSON_TOPIC = "otlp_spans_json";

  private static GatewayService start(String... settings) {
    String[] all = List.of(settings).toArray(new String[settings.length + 1]);
    all[settings.length] = KafkaSettings.BOOTSTRAP_SERVERS.key() + "=" + BOOTSTRAP;
    GatewayService gateway =
        new GatewayService(GatewayFixture.settings(all), new SimpleMeterRegistry());
    gateway.start();
    return gateway;
  }

  @Test
  void exporterOverHttp_bringsCallsToKafka() throws Exception {
    try (GatewayService gateway = start()) {
      OtlpHttpSpanExporter exporter =
          OtlpHttpSpanExporter.builder()
              .setEndpoint("http://127.0.0.1:%d/v1/traces".formatted(gateway.httpPort()))
              .setCompression("gzip")
              .build();

      exportAndCheck("sdk-http", exporter);
    }
  }

  @Test
  void exporterOverGrpc_bringsCallsToKafka() throws Exception {
    try (GatewayService gateway = start()) {
      OtlpGrpcSpanExporter exporter =
          OtlpGrpcSpanExporter.builder()
              .setEndpoint("http://127.0.0.1:" + gateway.grpcPort())
              .setCompression("gzip")
              .build();

      exportAndCheck("sdk-grpc", exporter);
    }
  }

  private static void exportAndCheck(String tenant, SpanExporter exporter) throws Exception {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault().toBuilder()
                    .put("service.name", "shop")
                    .put("tenant.id", tenant)
                    .build())
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      Tracer tracer = provider.get("test-instrumentation", "1.0");
      Span good =
          tracer
              .spanBuilder("chat gpt-4o")
              .setAttribute("gen_ai.operation.name", "chat")
              .setAttribute("gen_ai.provider.name", "openai")
              .setAttribute("gen_ai.request.model", "gpt-4o")
              .setAttribute("gen_ai.usage.input_tokens", 1_000)
              .setAttribute("gen_ai.usage.output_tokens", 100)
              .setAttribute(
                  AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("stop"))
              .setAttribute("gen_ai.input.messages", "a prompt")
              .startSpan();
      good.end();
      Span bad =
          tracer
              .spanBuilder("chat claude-sonnet-4-5")
              .setAttribute("gen_ai.operation.name", "chat")
              .setAttribute("gen_ai.provider.name", "anthropic")
              .setAttribute("gen_ai.request.model", "claude-sonnet-4-5")
              .startSpan();
      bad.recordException(
          new IllegalStateException(
              "529: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));
      bad.setStatus(StatusCode.ERROR);
      bad.end();
      tracer.spanBuilder("GET /cart").startSpan().end();

      // It fails when the gateway's answer is none that the exporter knows as good.
      assertThat(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
    try (CallsTopic topic = new CallsTopic(BOOTSTRAP)) {
      List<LlmCallEvent> events =
          topic.events(event -> tenant.equals(event.get(EventField.TENANT)));
      assertThat(events).hasSize(2);
      LlmCallEvent good = only(events, Outcome.SUCCESS);
      assertThat(good.get(EventField.SERVICE)).isEqualTo("shop");
      assertThat(good.get(EventField.SDK)).isEqualTo("test-instrumentation/1.0");
      assertThat(good.get(EventField.INPUT_TOKENS)).isEqualTo(1_000);
      assertThat(good.get(EventField.COST_NANO_USD)).isPositive();
      LlmCallEvent bad = only(events, Outcome.ERROR);
      assertThat(bad.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.OVERLOADED);
      assertThat(bad.get(EventField.EXCEPTION_CLASS)).isEqualTo("java.lang.IllegalStateException");
      assertThat(bad.get(EventField.ERROR_MESSAGE)).isEqualTo("Overloaded");
    }
  }

  private static LlmCallEvent only(List<LlmCallEvent> events, Outcome outcome) {
    List<LlmCallEvent> fitting = events.stream().filter(it -> it.outcome() == outcome).toList();
    assertThat(fitting).hasSize(1);
    return fitting.get(0);
  }

  @Test
  void collectorsTopics_areRead_andWhatIsNoBatchIsPassedOver() throws Exception {
    createTopics();
    byte[] proto =
        TestSpans.request(
                TestSpans.call("00000000000000e1", "")
                    .addAllAttributes(TestSpans.attributes(Map.of("tenant.id", "collector"))))
            .toByteArray();
    String json =
        """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"tenant.id","value":{"stringValue":"collector"}}]},
        "scopeSpans":[{"spans":[{"traceId":"%s","spanId":"00000000000000e2","name":"chat",
        "startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[
        {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}]}]}]}
        """
            .formatted(
                TestSpans.TRACE,
                GatewayFixture.NOON * 1_000_000,
                (GatewayFixture.NOON + 5) * 1_000_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, BOOTSTRAP),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(PROTO_TOPIC, "nonsense".getBytes(UTF_8))).get();
      producer.send(new ProducerRecord<>(PROTO_TOPIC, proto)).get();
      producer.send(new ProducerRecord<>(JSON_TOPIC, json.getBytes(UTF_8))).get();
    }

    try (GatewayService gateway =
            start(
                "gateway.otlp_proto_topics=" + PROTO_TOPIC,
                "gateway.otlp_json_topics=" + JSON_TOPIC);
        CallsTopic topic = new CallsTopic(BOOTSTRAP)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(
                          topic.events(event -> "collector".equals(event.get(EventField.TENANT))))
                      .extracting(LlmCallEvent::eventId)
                      .containsExactlyInAnyOrder(
                          TestSpans.TRACE + "-00000000000000e1",
                          TestSpans.TRACE + "-00000000000000e2"));
      assertThat(gateway.health().isOk()).isTrue();
    }
  }

  private static void createTopics() throws Exception {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, BOOTSTRAP))) {
      admin
          .createTopics(
              Set.of(
                  new NewTopic(PROTO_TOPIC, 1, (short) 1), new NewTopic(JSON_TOPIC, 1, (short) 1)))
          .all()
          .get();
    }
  }
}
