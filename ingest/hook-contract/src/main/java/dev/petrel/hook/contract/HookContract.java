// SPDX-License-Identifier: Apache-2.0
package dev.petrel.hook.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.UsageSource;
import dev.petrel.hook.contract.FakeProvider.Answer;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every hook into an HTTP client does with single attempts. */
@Timeout(60)
public abstract class HookContract {

  /** How long to wait for what never comes: no longer than a machine under load needs. */
  protected static final Duration IMPATIENCE = Duration.ofMillis(1_500);

  /** How long to wait for what does come, however busy the machine is. */
  protected static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Where the hook's events go. */
  protected final RecordingPublisher publisher = new RecordingPublisher();

  /** Who is called. */
  protected final FakeProvider provider = new FakeProvider();

  /** For subclasses. */
  protected HookContract() {}

  /**
   * Posts a request once, through the hook under test, and reads the answer to its end. What fails
   * is thrown, or not; bad statuses are no failures. Waits for data {@link #IMPATIENCE} at most
   * where {@link #isEndless}, else {@link #PATIENCE}.
   *
   * @param apiKey sent as bearer token
   */
  protected abstract void post(URI uri, String body, String apiKey) throws Exception;

  /** Starts to post a request, and gives up soon, before any timeout. */
  protected abstract void postAndCancel(URI uri, String body) throws Exception;

  @AfterEach
  void stopProvider() {
    provider.close();
    assertThat(provider.requestHeaders())
        .noneMatch(headers -> headers.containsKey("x-petrel-context"));
  }

  @Test
  void exchange_becomesAnEvent() {
    LlmCallEvent event = attempt(Answer.OK);

    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.get(EventField.PROVIDER)).isEqualTo("openai");
    assertThat(event.get(EventField.OPERATION)).isEqualTo("chat");
    assertThat(event.get(EventField.SERVER_ADDRESS)).isEqualTo("127.0.0.1");
    assertThat(event.get(EventField.REQUEST_MODEL)).isEqualTo("gpt-4o");
    assertThat(event.get(EventField.RESPONSE_MODEL)).isEqualTo(FakeProvider.MODEL);
    assertThat(event.get(EventField.MAX_OUTPUT_TOKENS)).isEqualTo(77);
    assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(200);
    assertThat(event.get(EventField.REQUEST_ID)).isEqualTo("req_ok");
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(120);
    assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(30);
    assertThat(event.get(EventField.CACHE_READ_TOKENS)).isEqualTo(64);
    assertThat(event.get(EventField.REASONING_TOKENS)).isEqualTo(10);
    assertThat(event.get(EventField.USAGE_SOURCE)).isEqualTo(UsageSource.REPORTED);
    // 56 at 2.5, 64 from the cache at 1.25, 30 at 10 USD a million, of gpt-4o-2024-08-06.
    assertThat(event.get(EventField.COST_NANO_USD))
        .isEqualTo(56 * 2_500 + 64 * 1_250 + 30 * 10_000);
    assertThat(event.get(EventField.PRICE_VERSION)).startsWith("litellm-");
    assertThat(event.get(EventField.CONTEXT_WINDOW)).isEqualTo(128_000);
    assertThat(event.get(EventField.ATTEMPT)).isZero();
    assertThat(event.get(EventField.FINAL)).isTrue();
    assertThat(event.get(EventField.CALL_ID)).isNotBlank();
    assertThat(event.get(EventField.CREDENTIAL)).hasSize(8);
    assertThat(event.get(EventField.DURATION_MS)).isPositive();
    assertThat(event.get(EventField.TIME_TO_FIRST_CHUNK_MS)).isNull();
  }

  @Test
  void stream_becomesAnEventWithTheUsageOfItsEnd() {
    LlmCallEvent event = attempt(Answer.STREAM);

    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.get(EventField.STREAM)).isTrue();
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(120);
    assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(30);
    assertThat(event.get(EventField.USAGE_SOURCE)).isEqualTo(UsageSource.REPORTED);
    assertThat(event.get(EventField.TIME_TO_FIRST_CHUNK_MS))
        .isPositive()
        .isLessThanOrEqualTo(event.get(EventField.DURATION_MS));
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_KEY, AUTHENTICATION,, 401",
    "RATE_LIMIT, RATE_LIMIT, requests, 429",
    "QUOTA, QUOTA_EXHAUSTED,, 429",
    "BAD_PARAMETER, INVALID_REQUEST,, 400",
    "CONTEXT_LENGTH, CONTEXT_LENGTH_EXCEEDED,, 400",
    "SERVER_ERROR, SERVER_ERROR,, 500",
    "OVERLOADED, OVERLOADED,, 503",
    "STREAM_CUT, STREAM_INTERRUPTED,, 200",
    "STREAM_ENDED_EARLY, STREAM_INTERRUPTED,, 200",
    "STREAM_STALLED, STREAM_INTERRUPTED, stall, 200",
    "STREAM_ERROR, SERVER_ERROR,, 200",
    "CUT, STREAM_INTERRUPTED,, 200",
    "GARBAGE, STREAM_INTERRUPTED,, 200",
    "SILENT, CLIENT_TIMEOUT, *,",
    "CLOSED, NETWORK, eof,"
  })
  void failure_hasItsType(
      Answer answer, ErrorType type, @Nullable String detail, @Nullable Long status) {
    LlmCallEvent event = attempt(answer);

    assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(type);
    if (!"*".equals(detail)) {
      assertThat(event.get(EventField.ERROR_DETAIL)).isEqualTo(detail);
    }
    assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(status);
    assertThat(event.get(EventField.USAGE_SOURCE))
        .isEqualTo(status != null && status == 200 ? UsageSource.MISSING : null);
    assertThat(event.get(EventField.INPUT_TOKENS)).isNull();
    assertThat(event.get(EventField.COST_NANO_USD)).isNull();
    assertThat(event.get(EventField.FINAL)).isNull();
  }

  @Test
  void failure_keepsWhatTheProviderSays() {
    LlmCallEvent event = attempt(Answer.RATE_LIMIT);

    assertThat(event.get(EventField.PROVIDER_ERROR_TYPE)).isEqualTo("requests");
    assertThat(event.get(EventField.PROVIDER_ERROR_CODE)).isEqualTo("rate_limit_exceeded");
    assertThat(event.get(EventField.ERROR_MESSAGE)).startsWith("Rate limit reached");
    assertThat(event.get(EventField.RETRY_AFTER_MS)).isEqualTo(150);
    assertThat(event.get(EventField.RATELIMIT))
        .isEqualTo(new RateLimit(new RateLimit.Headroom(500L, 0L, 1_200L), null));
  }

  @Test
  void failure_tellsNoKey_notEvenAMaskedOne() {
    assertThat(attempt(Answer.BAD_KEY).get(EventField.ERROR_MESSAGE))
        .startsWith("Incorrect API key provided:")
        .doesNotContain("sk-ab", "yz12");
  }

  @Test
  void outcome_tellsTruncatedAndRefused() {
    assertThat(attempt(Answer.TRUNCATED).outcome()).isEqualTo(Outcome.TRUNCATED);
    LlmCallEvent refused = attempt(Answer.FILTERED);
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.CONTENT_FILTER);
  }

  @Test
  void refusedConnection_isOfTheNetwork() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    postQuietly(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"));

    LlmCallEvent event = onlyEvent();
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.NETWORK);
    assertThat(event.get(EventField.HTTP_STATUS)).isNull();
    assertThat(event.get(EventField.EXCEPTION_CLASS)).isNotBlank();
  }

  @Test
  void cancelling_isNoError() throws Exception {
    postAndCancel(chat(Answer.SILENT), request(false));

    LlmCallEvent event = onlyEvent();
    assertThat(event.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.CANCELLED);
  }

  @Test
  void repeatedRequest_isTheRetryOfTheFailedOne() throws Exception {
    provider.answerNext(Answer.SERVER_ERROR, Answer.RATE_LIMIT, Answer.OK);
    URI uri = chat(Answer.OK);
    for (int i = 0; i < 3; i++) {
      postQuietly(uri);
    }
    postQuietly(uri); // After a success, the same again is a call of its own.

    List<LlmCallEvent> events = events(4);
    assertThat(events)
        .extracting(event -> event.get(EventField.ATTEMPT))
        .containsExactly(0L, 1L, 2L, 0L);
    assertThat(events.subList(0, 3))
        .extracting(event -> event.get(EventField.CALL_ID))
        .containsOnly(events.get(0).get(EventField.CALL_ID));
    assertThat(events.get(3).get(EventField.CALL_ID))
        .isNotEqualTo(events.get(0).get(EventField.CALL_ID));
    assertThat(events)
        .extracting(event -> event.get(EventField.RETRIED_ERROR_TYPE))
        .containsExactly(null, ErrorType.SERVER_ERROR, ErrorType.RATE_LIMIT, null);
    assertThat(events.get(1).get(EventField.RETRY_DELAY_MS)).isNotNull();
    assertThat(events.get(3).get(EventField.RETRY_DELAY_MS)).isNull();
  }

  @Test
  void credential_isAFingerprint_neverTheKey() throws Exception {
    post(chat(Answer.OK), request(false), "key-of-the-first-deployment");
    post(chat(Answer.OK), request(false), "key-of-the-second-deployment");

    List<LlmCallEvent> events = events(2);
    assertThat(events.get(0).get(EventField.CREDENTIAL))
        .matches("[0-9a-f]{8}")
        .isNotEqualTo(events.get(1).get(EventField.CREDENTIAL));
  }

  @Test
  void otherRequests_areNotLookedAt() throws Exception {
    post(URI.create(provider.baseUri(Answer.OK) + "/files"), "{}", "k");
    postQuietly(chat(Answer.OK));

    assertThat(onlyEvent().get(EventField.OPERATION)).isEqualTo("chat");
  }

  private LlmCallEvent attempt(Answer answer) {
    publisher.events().clear();
    String body = request(answer.name().startsWith("STREAM"));
    try {
      post(chat(answer), body, "some-key");
    } catch (Exception e) {
      // The event tells.
    }
    return onlyEvent();
  }

  private void postQuietly(URI uri) {
    try {
      post(uri, request(false), "some-key");
    } catch (Exception e) {
      // The event tells.
    }
  }

  /** Whether who asks there waits for an answer, or its end, that never comes. */
  protected static boolean isEndless(URI uri) {
    return Arrays.stream(Answer.values())
        .filter(Answer::isEndless)
        .anyMatch(answer -> uri.getPath().startsWith("/" + answer.name() + "/"));
  }

  /** The address of chat completions that are answered so. */
  protected final URI chat(Answer answer) {
    return URI.create(provider.baseUri(answer) + "/chat/completions");
  }

  private static String request(boolean stream) {
    return """
        {"model":"gpt-4o","max_completion_tokens":77,"stream":%s,"messages":[{"role":"user","content":"Hi"}]}"""
        .formatted(stream);
  }

  private LlmCallEvent onlyEvent() {
    return events(1).get(0);
  }

  private List<LlmCallEvent> events(int count) {
    await().untilAsserted(() -> assertThat(publisher.events()).hasSize(count));
    return publisher.events();
  }
}
