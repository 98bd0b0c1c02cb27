// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorClassifierTest {

  private final ErrorClassifier classifier = ErrorClassifier.standard();

  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvFileSource(
      resources = "provider-errors.csv",
      delimiter = '|',
      quoteCharacter = '\0',
      numLinesToSkip = 1,
      maxCharsPerColumn = 10_000)
  void classify_knowsWhatProvidersAnswer(
      String provider, Integer status, String body, String type, String detail) {
    Classification found =
        classifier.classify(ErrorReport.ofResponse(provider, status, Map.of(), body));

    assertThat(found.type().wireName()).as(found.rule()).isEqualTo(type);
    assertThat(found.detail()).as(found.rule()).isEqualTo(detail);
  }

  static Stream<Arguments> exceptions() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused"), ErrorType.NETWORK, "refused"),
        Arguments.of(
            new SocketTimeoutException("Connect timed out"), ErrorType.CLIENT_TIMEOUT, "connect"),
        Arguments.of(
            new HttpConnectTimeoutException("HTTP connect timed out"),
            ErrorType.CLIENT_TIMEOUT,
            "connect"),
        Arguments.of(new UnknownHostException("api.example.com"), ErrorType.NETWORK, "dns"),
        Arguments.of(
            caused(new ConnectException(), new UnresolvedAddressException()),
            ErrorType.NETWORK,
            "dns"),
        Arguments.of(
            new SocketTimeoutException("Read timed out"), ErrorType.CLIENT_TIMEOUT, "read"),
        Arguments.of(new SocketTimeoutException("timeout"), ErrorType.CLIENT_TIMEOUT, "read"),
        Arguments.of(
            new HttpTimeoutException("request timed out"), ErrorType.CLIENT_TIMEOUT, "total"),
        Arguments.of(new InterruptedIOException("timeout"), ErrorType.CLIENT_TIMEOUT, "total"),
        Arguments.of(new SSLHandshakeException("PKIX path building failed"), ErrorType.TLS, null),
        Arguments.of(
            caused(
                new IOException("unexpected end of stream on http://localhost/..."),
                new EOFException()),
            ErrorType.NETWORK,
            "eof"),
        Arguments.of(
            new IOException("HTTP/1.1 header parser received no bytes"), ErrorType.NETWORK, "eof"),
        Arguments.of(new SocketException("Connection reset"), ErrorType.NETWORK, "reset"),
        Arguments.of(new CancellationException(), ErrorType.CANCELLED, null),
        Arguments.of(new RuntimeException(new InterruptedException()), ErrorType.CANCELLED, null),
        Arguments.of(
            new RuntimeException("wrapped", new ConnectException("Connection refused")),
            ErrorType.NETWORK,
            "refused"),
        Arguments.of(new IllegalStateException("what is this"), ErrorType.UNKNOWN, null));
  }

  private static <T extends Throwable> T caused(T failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void classify_knowsWhatClientsThrow(Throwable thrown, ErrorType type, String detail) {
    Classification found = classifier.classify(ErrorReport.ofException("openai", thrown));

    assertThat(found.type()).as(found.rule()).isEqualTo(type);
    assertThat(found.detail()).as(found.rule()).isEqualTo(detail);
    assertThat(found.exception()).isEqualTo(thrown.getClass().getSimpleName());
  }

  static Stream<Arguments> cuts() {
    return Stream.of(
        Arguments.of(new IOException("fixed content-length: 900, bytes received: 20"), null),
        Arguments.of(new IOException("chunked transfer encoding, state: READING_LENGTH"), null),
        Arguments.of(new EOFException(), null),
        Arguments.of(new SocketException("Connection reset"), null),
        Arguments.of(new SocketTimeoutException("timeout"), "stall"));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void classify_callsAFailureWithinASuccessfulAnswerAnInterruption(
      Throwable thrown, String detail) {
    Classification found =
        classifier.classify(new ErrorReport("openai", 200, Map.of(), null, thrown, false));

    assertThat(found.type()).isEqualTo(ErrorType.STREAM_INTERRUPTED);
    assertThat(found.detail()).isEqualTo(detail);
  }

  @Test
  void classify_believesTheCallerThatItCancelled() {
    Classification found =
        classifier.classify(
            new ErrorReport(
                "openai",
                503,
                Map.of(),
                "overloaded",
                new SocketTimeoutException("timeout"),
                true));

    assertThat(found.type()).isEqualTo(ErrorType.CANCELLED);
    assertThat(found.retryable()).isFalse();
  }

  @Test
  void classify_keepsWhatTheProviderSaid() {
    Classification found =
        classifier.classify(
            ErrorReport.ofResponse(
                "openai",
                400,
                Map.of("X-Request-Id", "req_1"),
                """
                {"error": {"message": "Unknown parameter: 'qality'.", "type": "invalid_request_error",
                 "param": "qality", "code": "unknown_parameter"}}"""));

    assertThat(found.type()).isEqualTo(ErrorType.INVALID_REQUEST);
    assertThat(found.status()).isEqualTo(400);
    assertThat(found.providerType()).isEqualTo("invalid_request_error");
    assertThat(found.providerCode()).isEqualTo("unknown_parameter");
    assertThat(found.providerParam()).isEqualTo("qality");
    assertThat(found.message()).isEqualTo("Unknown parameter: 'qality'.");
    assertThat(found.requestId()).isEqualTo("req_1");
    assertThat(found.retryAfterMs()).isNull();
    assertThat(found.toString()).doesNotContain("qality");
  }

  @Test
  void classify_readsTheErrorOutOfAPythonExceptionsText() {
    Classification found =
        classifier.classify(
            ErrorReport.ofText(
                "openai",
                "openai.BadRequestError: Error code: 400 - {'error': {'message': \"We can't do it\","
                    + " 'type': 'invalid_request_error', 'param': None, 'code': 'unsupported_value'}}"));

    assertThat(found.type()).isEqualTo(ErrorType.INVALID_REQUEST);
    assertThat(found.status()).isEqualTo(400);
    assertThat(found.message()).isEqualTo("We can't do it");
    assertThat(found.providerParam()).isNull();
    assertThat(found.providerCode()).isEqualTo("unsupported_value");
    assertThat(found.exception()).isEqualTo("BadRequestError");
  }

  @ParameterizedTest
  @CsvSource({
    "401,, invalid_api_key,, AUTHENTICATION",
    "429,, insufficient_quota,, QUOTA_EXHAUSTED",
    "400,, , This model's maximum context length is 10 tokens, CONTEXT_LENGTH_EXCEEDED",
    ", java.net.http.HttpConnectTimeoutException,,, CLIENT_TIMEOUT",
    ",,,, UNKNOWN"
  })
  void classify_takesWhatAnEventTells(
      Long status, String exception, String code, String message, ErrorType type) {
    LlmCallEvent event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, "e")
            .set(EventField.TIMESTAMP, 1_780_000_000_000L)
            .set(EventField.OUTCOME, Outcome.ERROR)
            .set(EventField.HTTP_STATUS, status)
            .set(EventField.EXCEPTION_CLASS, exception)
            .set(EventField.PROVIDER_ERROR_CODE, code)
            .set(EventField.ERROR_MESSAGE, message)
            .build();

    assertThat(classifier.classify(ErrorReport.ofEvent(event)).type()).isEqualTo(type);
  }

  @Test
  void classify_passesOverQuotedContent() {
    Classification found =
        classifier.classify(
            ErrorReport.ofResponse(
                "groq",
                400,
                Map.of(),
                """
                {"error": {"message": "Tool call failed", "code": "tool_use_failed",
                 "failed_generation": "{\\"code\\": \\"context_length_exceeded\\", \\"message\\": \\"invalid api key\\"}"}}"""));

    assertThat(found.type()).isEqualTo(ErrorType.INVALID_REQUEST);
    assertThat(found.providerCode()).isEqualTo("tool_use_failed");
  }

  @ParameterizedTest
  @CsvSource({
    "429, x-should-retry, false, false",
    "400, x-should-retry, true, true",
    "429, x-should-retry, perhaps, true",
    "400, other, true, false"
  })
  void classify_believesTheProviderOnRetrying(
      int status, String header, String value, boolean retryable) {
    assertThat(
            classifier
                .classify(ErrorReport.ofResponse(null, status, Map.of(header, value), null))
                .retryable())
        .isEqualTo(retryable);
  }

  @Test
  void classify_saysThatALimitBelowTheRequestIsNotWorthARetry() {
    Classification found =
        classifier.classify(
            ErrorReport.ofResponse(
                "openai",
                429,
                Map.of(),
                "Request too large for gpt-4o on tokens per min (TPM): Limit 100, Requested 200"));

    assertThat(found.type()).isEqualTo(ErrorType.RATE_LIMIT);
    assertThat(found.detail()).isEqualTo("request_too_large");
    assertThat(found.retryable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_REQUEST", "401, AUTHENTICATION", "402, QUOTA_EXHAUSTED", "403, PERMISSION",
    "404, NOT_FOUND", "405, INVALID_REQUEST", "408, PROVIDER_TIMEOUT", "409, INVALID_REQUEST",
    "410, NOT_FOUND", "413, INVALID_REQUEST", "415, INVALID_REQUEST", "418, INVALID_REQUEST",
    "422, INVALID_REQUEST", "425, RATE_LIMIT", "429, RATE_LIMIT", "451, PERMISSION",
    "499, CANCELLED", "500, SERVER_ERROR", "501, SERVER_ERROR", "502, SERVER_ERROR",
    "503, OVERLOADED", "504, PROVIDER_TIMEOUT", "520, SERVER_ERROR", "521, SERVER_ERROR",
    "522, PROVIDER_TIMEOUT", "524, PROVIDER_TIMEOUT", "529, OVERLOADED", "302, UNKNOWN",
    "200, STREAM_INTERRUPTED"
  })
  void classify_fallsBackToTheStatus(int status, ErrorType type) {
    assertThat(classifier.classify(ErrorReport.ofResponse(null, status, Map.of(), "")).type())
        .isEqualTo(type);
  }

  @Test
  void classify_knowsWhatItDoesNotKnow() {
    Classification found = classifier.classify(ErrorReport.ofText(null, "something went wrong"));

    assertThat(found.type()).isEqualTo(ErrorType.UNKNOWN);
    assertThat(found.rule()).isEqualTo(Classification.NO_RULE);
    assertThat(found.message()).isEqualTo("something went wrong");
    assertThat(found.status()).isNull();
  }

  @Test
  void classify_survivesAnyText() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String[] parts = {
      "{",
      "}",
      "\"",
      "'",
      "\\",
      "\\\"",
      ":",
      "error",
      "message",
      "code",
      "429",
      "type",
      " ",
      "\n",
      "None",
      "null",
      "[",
      "]",
      "<Code>",
      "</Code>",
      "Error code: ",
      "é",
      "\uD83D",
      "\u0000",
      "status"
    };
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(200); j > 0; j--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      assertThat(classifier.classify(ErrorReport.ofText("openai", text.toString())))
          .as("seed %d", seed)
          .isNotNull();
    }
  }

  @Test
  void classify_survivesAnExceptionWithoutGoodManners() {
    Throwable rude =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new IllegalStateException("no");
          }
        };

    assertThat(classifier.classify(ErrorReport.ofException(null, rude)).type())
        .isEqualTo(ErrorType.UNKNOWN);
  }
}
