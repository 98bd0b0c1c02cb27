// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorkloadGeneratorTest {

  private static final int EVENTS = 40_000;
  private static final long START = 1_780_000_000_000L;
  private static final Workload WORKLOAD = new Workload(EVENTS, 200, 5, Duration.ofMinutes(20), 7);
  private static final LlmCallEventCodec CODEC =
      new LlmCallEventCodec(InstantSource.fixed(Instant.ofEpochMilli(START).plus(WORKLOAD.span())));

  private static List<PublishedCall> all(Workload workload) {
    List<PublishedCall> calls = new ArrayList<>();
    new WorkloadGenerator(workload, START).forEachRemaining(calls::add);
    return calls;
  }

  private static String json(PublishedCall call) {
    return new String(CODEC.encode(call.event()), StandardCharsets.UTF_8);
  }

  private static double share(List<PublishedCall> calls, Predicate<LlmCallEvent> what) {
    return (double) calls.stream().map(PublishedCall::event).filter(what).count() / calls.size();
  }

  @Test
  void next_sameForTheSameSeed() {
    List<String> first = all(WORKLOAD).stream().map(WorkloadGeneratorTest::json).toList();
    List<String> second = all(WORKLOAD).stream().map(WorkloadGeneratorTest::json).toList();
    assertThat(second).isEqualTo(first).hasSize(EVENTS);
  }

  @Test
  void next_othersForAnotherSeed() {
    Workload other = new Workload(EVENTS, 200, 5, WORKLOAD.span(), 8);
    Set<String> ids =
        all(WORKLOAD).stream().map(call -> call.event().eventId()).collect(Collectors.toSet());
    assertThat(all(other)).noneMatch(call -> ids.contains(call.event().eventId()));
  }

  @Test
  void next_publishesInOrderAndAtTheEndOfTheAttempt() {
    List<PublishedCall> calls = all(WORKLOAD);
    assertThat(calls).extracting(PublishedCall::publishedAt).isSorted();
    assertThat(calls)
        .allMatch(
            call ->
                call.publishedAt() - call.event().timestamp()
                    >= Objects.requireNonNull(call.event().get(EventField.DURATION_MS)));
    assertThat(calls).extracting(call -> call.event().timestamp()).isNotEqualTo(sortedTimes(calls));
  }

  private static List<Long> sortedTimes(List<PublishedCall> calls) {
    return calls.stream().map(call -> call.event().timestamp()).sorted().toList();
  }

  @Test
  void next_staysWithinTheSpan() {
    long end = START + WORKLOAD.span().toMillis();
    assertThat(all(WORKLOAD))
        .allMatch(call -> call.event().timestamp() >= START)
        .allMatch(call -> call.publishedAt() < end);
  }

  @Test
  void next_isValidAndOfRealisticSize() throws InvalidEventException {
    long bytes = 0;
    for (PublishedCall call : all(WORKLOAD)) {
      byte[] json = CODEC.encode(call.event());
      assertThat(CODEC.decode(json).eventId()).isEqualTo(call.event().eventId());
      bytes += json.length;
    }
    assertThat((double) bytes / EVENTS).isBetween(600.0, 750.0);
  }

  @Test
  void next_hasTheSharesOfRealTraffic() {
    List<PublishedCall> calls = all(WORKLOAD);
    assertThat(share(calls, event -> event.outcome() == Outcome.ERROR))
        .isCloseTo(0.04, within(0.01));
    assertThat(share(calls, event -> event.get(EventField.RATELIMIT) != null))
        .isCloseTo(0.3, within(0.02));
    assertThat((double) calls.stream().filter(PublishedCall::duplicate).count() / EVENTS)
        .isCloseTo(0.001, within(0.0007));
    assertThat(share(calls, event -> "tenant-0".equals(event.get(EventField.TENANT))))
        .isCloseTo(0.17, within(0.02));
    assertThat(values(calls, EventField.TENANT)).hasSizeGreaterThan(190);
    assertThat(values(calls, EventField.PROVIDER)).hasSize(3);
    assertThat(values(calls, EventField.REQUEST_MODEL)).hasSize(5);
    assertThat(values(calls, EventField.SERVICE)).hasSize(12);
    assertThat(values(calls, EventField.INSTANCE)).hasSize(60);
    assertThat(values(calls, EventField.CREDENTIAL)).hasSize(20);
    assertThat(values(calls, EventField.ERROR_TYPE))
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.of(
                ErrorType.RATE_LIMIT,
                ErrorType.SERVER_ERROR,
                ErrorType.CLIENT_TIMEOUT,
                ErrorType.CONTEXT_LENGTH_EXCEEDED,
                ErrorType.AUTHENTICATION));
  }

  private static <T> Set<T> values(List<PublishedCall> calls, EventField<T> field) {
    Set<T> values = new HashSet<>();
    for (PublishedCall call : calls) {
      T value = call.event().get(field);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  @Test
  void next_retriesFollowARetryableFailureOfTheirCall() {
    Map<String, LlmCallEvent> byId = new HashMap<>();
    for (PublishedCall call : all(WORKLOAD)) {
      byId.put(call.event().eventId(), call.event());
    }
    List<LlmCallEvent> retries =
        byId.values().stream().filter(event -> event.get(EventField.ATTEMPT, 0) > 0).toList();
    assertThat(retries).hasSizeGreaterThan(EVENTS / 100);
    for (LlmCallEvent retry : retries) {
      LlmCallEvent failed =
          byId.get(retry.get(EventField.CALL_ID) + "-" + (retry.get(EventField.ATTEMPT, 0) - 1));
      assertThat(failed).isNotNull();
      ErrorType type = failed.get(EventField.ERROR_TYPE);
      assertThat(type).isNotNull().isEqualTo(retry.get(EventField.RETRIED_ERROR_TYPE));
      assertThat(type.retryable()).isTrue();
      assertThat(retry.timestamp())
          .isGreaterThanOrEqualTo(failed.timestamp() + retry.get(EventField.RETRY_DELAY_MS, 0));
    }
  }

  @Test
  void next_duplicatesComeAgainLater() {
    Set<String> seen = new HashSet<>();
    for (PublishedCall call : all(WORKLOAD)) {
      assertThat(seen.add(call.event().eventId())).isEqualTo(!call.duplicate());
    }
  }

  @Test
  void truth_equalsRecounting() throws Exception {
    Truth truth = Truth.NONE;
    Counts records = new Counts();
    Map<String, Call> distinct = new HashMap<>();
    for (PublishedCall call : all(WORKLOAD)) {
      truth = truth.plus(call);
      Call read = new Call();
      CallReader.read(CODEC.encode(call.event()), read);
      records.add(read);
      distinct.put(call.event().eventId(), read);
    }
    Counts once = new Counts();
    distinct.values().forEach(once::add);
    assertThat(records.totals()).isEqualTo(truth.records());
    assertThat(once.totals()).isEqualTo(truth.distinct());
    assertThat(truth.records().attempts()).isEqualTo(EVENTS);
    assertThat(truth.distinct().attempts()).isLessThan(EVENTS);
  }

  @Test
  void models_haveOneProviderEach() {
    Map<String, Set<String>> providers =
        all(WORKLOAD).stream()
            .map(PublishedCall::event)
            .collect(
                Collectors.groupingBy(
                    event -> String.valueOf(event.get(EventField.REQUEST_MODEL)),
                    Collectors.mapping(
                        event -> String.valueOf(event.get(EventField.PROVIDER)),
                        Collectors.toSet())));
    assertThat(providers).hasSize(5);
    assertThat(providers.values()).allMatch(names -> names.size() == 1);
  }
}
