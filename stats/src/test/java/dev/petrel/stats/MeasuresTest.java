// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MeasuresTest {

  private static final long T0 = 1_780_000_020_000L;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @Test
  void merge_givesTheSameBytesInAnyOrderAndThroughTheBinaryForm() {
    List<Measures> parts = new ArrayList<>();
    Measures whole = new Measures();
    for (int part = 0; part < 20; part++) {
      Measures measures = new Measures();
      for (int i = 0; i < 30; i++) {
        LlmCallEvent event = randomEvent(T0, part * 30 + i);
        measures.add(event);
        whole.add(event);
      }
      parts.add(measures);
    }

    Measures forward = new Measures();
    parts.forEach(forward::merge);
    Measures backward = new Measures();
    for (Measures part : parts.reversed()) {
      backward.merge(ByteBuffer.wrap(part.toBytes()));
    }

    assertThat(forward.toBytes()).as("seed %d", seed).isEqualTo(whole.toBytes());
    assertThat(backward.toBytes()).as("seed %d", seed).isEqualTo(whole.toBytes());
  }

  @Test
  void mergeLate_givesTheHourThatAddingWholeMinutesGives() {
    Measures onTime = new Measures();
    Measures late = new Measures();
    Measures minute = new Measures();
    for (int i = 0; i < 200; i++) {
      LlmCallEvent event = randomEvent(T0, i);
      (i % 3 == 0 ? late : onTime).add(event);
      minute.add(event);
    }
    Measures next = new Measures();
    next.add(randomEvent(T0 + CallStats.WINDOW_MS, 1000));

    Measures corrected = new Measures();
    corrected.mergeWindow(onTime);
    corrected.mergeWindow(next);
    corrected.mergeLate(late, onTime);

    Measures hour = new Measures();
    hour.mergeWindow(next);
    hour.mergeWindow(minute);
    assertThat(corrected.toBytes()).as("seed %d", seed).isEqualTo(hour.toBytes());
    assertThat(corrected.synchrony()).isEqualTo(hour.synchrony());
  }

  @Test
  void subtract_undoesMerge() {
    Measures kept = new Measures();
    Measures moved = new Measures();
    Measures both = new Measures();
    for (int i = 0; i < 300; i++) {
      LlmCallEvent event = randomEvent(T0, i);
      (i % 2 == 0 ? kept : moved).add(event);
      both.add(event);
    }

    both.subtract(moved);

    assertThat(both.attempts()).isEqualTo(kept.attempts());
    assertThat(both.tokens(EventField.INPUT_TOKENS))
        .isEqualTo(kept.tokens(EventField.INPUT_TOKENS));
    assertThat(both.synchrony()).as("seed %d", seed).isEqualTo(kept.synchrony());
    for (double q = 0; q < 1; q += 0.05) {
      assertThat(both.latencyMs().quantile(q))
          .as("seed %d, q %f", seed, q)
          .isEqualTo(kept.latencyMs().quantile(q));
    }
  }

  @Test
  void synchrony_isAboutOneForIndependentRetriesAndHighForThoseInStep() {
    Measures independent = new Measures();
    Measures inStep = new Measures();
    for (int i = 0; i < 600; i++) {
      independent.add(retry(T0 + random.nextInt(60_000)));
      inStep.add(retry(T0 + 20_000 * random.nextInt(3) + random.nextInt(250)));
    }

    // Variance by mean over 240 bins has a standard deviation of 0.09: six of them.
    assertThat(independent.synchrony()).as("seed %d", seed).isCloseTo(1, within(0.55));
    // All in 3 of 240 bins: 200 of 600 each.
    assertThat(inStep.synchrony()).as("seed %d", seed).isGreaterThan(150);
    assertThat(new Measures().synchrony()).isNaN();
  }

  @Test
  void synchrony_ofSeveralMinutesIgnoresTheirRiseAndFall() {
    Measures hour = new Measures();
    for (int minute = 0; minute < 60; minute++) {
      Measures window = new Measures();
      for (int bin = 0; bin < 240; bin++) {
        // Evenly spread within each minute, ten times as many in every other one.
        for (int n = 0; n < (minute % 2 == 0 ? 10 : 1); n++) {
          window.add(retry(T0 + minute * CallStats.WINDOW_MS + bin * 250L));
        }
      }
      hour.mergeWindow(window);
    }

    assertThat(hour.synchrony()).isZero();
  }

  @Test
  void headroom_isTheSmallestKnownPartOfALimit() {
    Measures measures = new Measures();
    assertThat(measures.requestsHeadroom()).isNaN();
    measures.add(limited(new RateLimit.Headroom(100L, 40L, null), null));
    measures.add(limited(new RateLimit.Headroom(100L, 70L, null), null));
    // Azure's "no limit", and limits that are only half known.
    measures.add(limited(new RateLimit.Headroom(-1L, -1L, null), null));
    measures.add(limited(new RateLimit.Headroom(null, 0L, null), null));
    measures.add(limited(null, new RateLimit.Headroom(1000L, 0L, 500L)));

    assertThat(measures.requestsHeadroom()).isEqualTo(0.4);
    assertThat(measures.tokensHeadroom()).isZero();
  }

  @Test
  void contextUse_isKnownOnlyWithAWindow() {
    Measures measures = new Measures();
    measures.add(call("a").set(EventField.INPUT_TOKENS, 64_000L).build());
    assertThat(measures.contextUse().count()).isZero();

    measures.add(
        call("b")
            .set(EventField.INPUT_TOKENS, 96_000L)
            .set(EventField.CONTEXT_WINDOW, 128_000L)
            .build());

    assertThat(measures.contextUse().count()).isEqualTo(1);
    assertThat(measures.contextUse().max()).isEqualTo(0.75);
  }

  @Test
  void contributors_keepExactCountsOfFewNamesAndBoundsOfMany() {
    TopCounts counts = new TopCounts();
    for (int i = 0; i < 10_000; i++) {
      // Half of all by one name, the rest by a thousand.
      counts.add(i % 2 == 0 ? "heavy" : "light-" + random.nextInt(1000), 1);
    }

    TopCounts.Entry first = counts.highest(3).get(0);
    assertThat(first.name()).isEqualTo("heavy");
    assertThat(first.count()).isLessThanOrEqualTo(5000);
    assertThat(first.count() + counts.missed()).isGreaterThanOrEqualTo(5000);
    // The bound of the summary: n / (capacity + 1).
    assertThat(counts.missed()).isLessThanOrEqualTo(10_000 / (TopCounts.CAPACITY + 1));
  }

  @Test
  void contributors_tellFailuresByTypeAndName() {
    Measures measures = new Measures();
    for (int i = 0; i < 6; i++) {
      ErrorType type = i < 4 ? ErrorType.AUTHENTICATION : ErrorType.INVALID_REQUEST;
      measures.add(
          call("e" + i)
              .set(EventField.OUTCOME, Outcome.ERROR)
              .set(EventField.ERROR_TYPE, type)
              .set(EventField.INSTANCE, i == 0 ? "api-1" : "api-2")
              .set(EventField.VERSION, "2.0")
              .set(EventField.PROVIDER_ERROR_CODE, i < 4 ? "invalid_api_key" : "unsupported")
              .set(EventField.PROVIDER_ERROR_TYPE, "said less")
              .set(EventField.PROVIDER_ERROR_PARAM, i < 4 ? null : "max_tokens")
              .build());
    }

    Contributors contributors =
        Measures.fromBytes(ByteBuffer.wrap(measures.toBytes())).contributors();

    assertThat(contributors.instancesByType().highest(List.of(ErrorType.AUTHENTICATION)))
        .containsExactly(new TopCounts.Entry("api-2", 3), new TopCounts.Entry("api-1", 1));
    assertThat(contributors.versionsByType().highest(List.of(ErrorType.values())))
        .containsExactly(new TopCounts.Entry("2.0", 6));
    assertThat(contributors.signatures().highest(List.of(ErrorType.INVALID_REQUEST)))
        .containsExactly(new TopCounts.Entry("unsupported max_tokens", 2));
    assertThat(contributors.signatures().typesOf("invalid_api_key"))
        .containsExactly(ErrorType.AUTHENTICATION);
    assertThat(contributors.servicesByType().highest(List.of(ErrorType.values()))).isEmpty();
  }

  @Test
  void sources_countAllAttemptsAndSurviveMergeAndEncoding() {
    Measures measures = new Measures();
    measures.add(call("a").set(EventField.INSTANCE, "api-1").build());
    assertThat(measures.sources()).isNull();

    measures.addSource(
        call("a").set(EventField.INSTANCE, "api-1").set(EventField.VERSION, "1.0").build());
    Measures other = Measures.fromBytes(ByteBuffer.wrap(measures.toBytes()));
    measures.merge(other);

    assertThat(measures.sources().instances().highest(9))
        .containsExactly(new TopCounts.Entry("api-1", 2));
    assertThat(measures.sources().versions().highest(9))
        .containsExactly(new TopCounts.Entry("1.0", 2));
  }

  @Test
  void requestIds_areTheSameSampleInAnyOrder() {
    SampleIds forward = new SampleIds();
    SampleIds backward = new SampleIds();
    for (int i = 0; i < 1000; i++) {
      forward.add("req-" + i % 500);
      backward.add("req-" + (999 - i) % 500);
    }

    assertThat(forward.ids()).hasSize(5).doesNotHaveDuplicates().isEqualTo(backward.ids());
  }

  private LlmCallEvent randomEvent(long windowStart, int i) {
    LlmCallEvent.Builder event =
        call("e" + i)
            .set(EventField.TIMESTAMP, windowStart + random.nextInt(60_000))
            .set(EventField.ATTEMPT, (long) random.nextInt(3))
            .set(EventField.DURATION_MS, random.nextDouble() * 10_000)
            .set(EventField.TIME_TO_FIRST_CHUNK_MS, random.nextDouble() * 100)
            .set(EventField.INPUT_TOKENS, (long) random.nextInt(10_000))
            .set(EventField.CONTEXT_WINDOW, 128_000L)
            .set(EventField.COST_NANO_USD, (long) random.nextInt(1_000_000))
            .set(
                EventField.RATELIMIT,
                new RateLimit(new RateLimit.Headroom(100L, (long) random.nextInt(100), 1L), null));
    if (random.nextInt(3) == 0) {
      ErrorType type = ErrorType.values()[random.nextInt(17)];
      event
          .set(EventField.OUTCOME, Outcome.ERROR)
          .set(EventField.ERROR_TYPE, type)
          .set(EventField.TENANT, "tenant-" + random.nextInt(10))
          // No more pairs with a type than are kept, so that all counts are exact.
          .set(EventField.INSTANCE, "instance-" + type)
          .set(EventField.REQUEST_ID, "req-" + i);
    }
    return event.build();
  }

  private LlmCallEvent retry(long timestamp) {
    return call("r" + random.nextLong())
        .set(EventField.TIMESTAMP, timestamp)
        .set(EventField.ATTEMPT, 1L)
        .build();
  }

  private static LlmCallEvent limited(RateLimit.Headroom requests, RateLimit.Headroom tokens) {
    return call("l").set(EventField.RATELIMIT, new RateLimit(requests, tokens)).build();
  }

  private static LlmCallEvent.Builder call(String id) {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, id)
        .set(EventField.TIMESTAMP, T0)
        .set(EventField.OUTCOME, Outcome.SUCCESS);
  }
}
