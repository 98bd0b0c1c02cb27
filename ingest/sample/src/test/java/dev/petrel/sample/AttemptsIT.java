// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.redaction.KeyedHash;
import dev.petrel.hook.contract.FakeProvider;
import dev.petrel.hook.contract.FakeProvider.Answer;
import dev.petrel.http.HttpCallObserver;
import dev.petrel.publisher.EventPublisher;
import dev.petrel.test.servers.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SDKs as applications use them, with their own retries, against a provider that fails in all ways:
 * each attempt is in Kafka, and with it what is true of it.
 *
 * <p>All calls are made beside each other, through one observer and one publisher, as in an
 * application; the fingerprint of the API key tells whose an event is.
 */
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class AttemptsIT {

  private static final String HASH_KEY = "sixteen bytes or more";
  private static final int CALLERS = 12;

  /** After which a stream is told of whose client would wait for ever. */
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(10);

  private final List<ClientCall> calls =
      SdkClient.all().stream()
          .flatMap(
              client ->
                  ProviderCase.all(client.streamed()).stream()
                      .map(provider -> new ClientCall(client, provider, new FakeProvider())))
          .toList();

  private final Map<String, List<LlmCallEvent>> eventsByCredential = new LinkedHashMap<>();

  /** A client's call to a provider of its own. */
  private record ClientCall(SdkClient client, ProviderCase provider, FakeProvider server) {

    String apiKey() {
      return client + "-" + provider;
    }

    int attempts() {
      return client.attempts(provider);
    }

    void make(HttpCallObserver observer) {
      List<Answer> answers = provider.answers();
      server.answerNext(answers.subList(0, answers.size() - 1).toArray(Answer[]::new));
      try {
        client
            .sdk()
            .make(
                new SdkClient.Call(
                    server.baseUri(answers.get(answers.size() - 1)), apiKey(), provider.timeout()),
                observer);
      } catch (Exception e) {
        // The events tell.
      }
    }

    @Override
    public String toString() {
      return apiKey();
    }
  }

  @BeforeAll
  void makeCalls() throws Exception {
    CallsTopic topic = new CallsTopic(TestServers.kafka(), "attempts");
    topic.create();
    try (EventPublisher publisher =
        EventPublisher.newBuilder()
            .bootstrapServers(topic.kafka().bootstrapServers())
            .topic(topic.name())
            .build()) {
      HttpCallObserver observer =
          HttpCallObserver.newBuilder(publisher)
              .hashKey(HASH_KEY)
              .stallTimeout(STALL_TIMEOUT)
              .build();
      makeAll(observer);
      awaitEvents(publisher, calls.stream().mapToInt(ClientCall::attempts).sum());
      assertThat(observer.failures()).isZero();
      assertThat(publisher.counters().dropped()).isZero();
    }
    for (LlmCallEvent event : topic.read()) {
      eventsByCredential
          .computeIfAbsent(
              requireNonNull(event.get(EventField.CREDENTIAL)), unused -> new ArrayList<>())
          .add(event);
    }
  }

  private void makeAll(HttpCallObserver observer) throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    List<Future<?>> made = new ArrayList<>();
    for (ClientCall call : calls) {
      made.add(callers.submit(() -> call.make(observer)));
    }
    for (Future<?> call : made) {
      call.get();
    }
    callers.shutdown();
  }

  /** Waits for them in vain, if some are missing: the tests tell whose. */
  private static void awaitEvents(EventPublisher publisher, int count) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (publisher.counters().accepted() < count && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertThat(publisher.flush(Duration.ofSeconds(60))).isTrue();
  }

  /** The events of a call, in the order of its attempts. */
  private List<LlmCallEvent> events(ClientCall call) {
    String credential = KeyedHash.withKey(HASH_KEY.getBytes(UTF_8)).credential(call.apiKey());
    return eventsByCredential.getOrDefault(credential, List.of()).stream()
        .sorted(Comparator.comparing(event -> requireNonNull(event.get(EventField.ATTEMPT))))
        .toList();
  }

  Stream<ClientCall> calls() {
    return calls.stream();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void attempts_areThoseThatTheProviderHasSeen(ClientCall call) {
    assertThat(events(call)).hasSize(call.attempts()).hasSize(call.server().requests());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void attempts_areNumberedInOneCall(ClientCall call) {
    List<LlmCallEvent> events = events(call);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).get(EventField.ATTEMPT)).isEqualTo(i);
    }
    assertThat(events).extracting(event -> event.get(EventField.CALL_ID)).doesNotContainNull();
    assertThat(events.stream().map(event -> event.get(EventField.CALL_ID)).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void attempts_tellHowTheyEnded(ClientCall call) {
    List<LlmCallEvent> events = events(call);
    assertThat(events).isNotEmpty();
    for (int i = 0; i < events.size(); i++) {
      assertThat(Told.by(events.get(i))).isEqualTo(Told.of(call.provider().answer(i)));
      assertThat(Boolean.TRUE.equals(events.get(i).get(EventField.STREAM)))
          .isEqualTo(call.client().streamed());
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void retries_tellTheirDelayAndWhatTheyRetry(ClientCall call) {
    List<LlmCallEvent> events = events(call);
    assertThat(events).isNotEmpty();
    assertThat(events.get(0).get(EventField.RETRY_DELAY_MS)).isNull();
    assertThat(events.get(0).get(EventField.RETRIED_ERROR_TYPE)).isNull();
    for (int i = 1; i < events.size(); i++) {
      assertThat(events.get(i).get(EventField.RETRY_DELAY_MS)).isPositive();
      assertThat(events.get(i).get(EventField.RETRIED_ERROR_TYPE))
          .isEqualTo(Told.of(call.provider().answer(i - 1)).errorType());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.petrel.sample.SdkClient#all")
  void amplification_isAsCountedByHand(SdkClient client) {
    List<LlmCallEvent> events =
        calls.stream()
            .filter(call -> call.client().equals(client))
            .flatMap(call -> events(call).stream())
            .toList();
    double attempts = events.size();
    long calls = events.stream().map(event -> event.get(EventField.CALL_ID)).distinct().count();
    // As the aggregates count calls: by their first attempts.
    long firsts =
        events.stream().filter(event -> requireNonNull(event.get(EventField.ATTEMPT)) == 0).count();

    assertThat(attempts / calls).isEqualTo(client.amplification(), offset(1e-9));
    assertThat(attempts / firsts).isEqualTo(client.amplification(), offset(1e-9));
  }
}
