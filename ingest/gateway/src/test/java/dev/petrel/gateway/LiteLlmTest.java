// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** {@code POST /v1/litellm}. */
class LiteLlmTest {

  private static final String PATH = "/v1/litellm";

  private static final String SUCCESS =
      """
      {"id": "chatcmpl-1", "trace_id": "t-1", "call_type": "acompletion", "stream": true, "status": "success",
       "response_cost": 0.00125, "custom_llm_provider": "azure", "total_tokens": 120, "prompt_tokens": 100,
       "completion_tokens": 20, "startTime": 1795521600.5, "endTime": 1795521602.0, "completionStartTime": 1795521600.75,
       "model": "gpt-4o", "model_group": "smart", "api_base": "https://eu.openai.azure.com/openai/", "cache_hit": null,
       "metadata": {"user_api_key_hash": "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
         "user_api_key_team_id": "team-a", "user_api_key_user_id": "u-1", "user_api_key_user_email": "jane@example.com",
         "requester_ip_address": "10.0.0.9", "usage_object": {"prompt_tokens_details": {"cached_tokens": 64},
           "completion_tokens_details": {"reasoning_tokens": 8}}},
       "messages": [{"role": "user", "content": "a prompt"}], "model_parameters": {"max_tokens": 20},
       "response": {"model": "gpt-4o-2024-08-06", "choices": [{"finish_reason": "length", "message": {"content": "an answer"}}]},
       "hidden_params": {"additional_headers": {"x_ratelimit_limit_requests": 500, "x_ratelimit_remaining_requests": 499}}}
      """;

  private static final String FAILURE =
      """
      {"id": "b2d1", "call_type": "completion", "status": "failure", "custom_llm_provider": "anthropic", "prompt_tokens": 0,
       "completion_tokens": 0, "startTime": 1795521600, "endTime": 1795521601, "model": "claude-sonnet-4-5",
       "response_cost": 0, "error_str": "litellm.RateLimitError: AnthropicException - rate limited",
       "error_information": {"error_code": "429", "error_class": "RateLimitError", "llm_provider": "anthropic",
         "error_message": "litellm.RateLimitError: AnthropicException - {\\"type\\":\\"error\\",\\"error\\":{\\"type\\":\\"rate_limit_error\\",\\"message\\":\\"This request would exceed your rate limit\\"}}",
         "traceback": "File secret.py"}}
      """;

  @Test
  void post_ofASuccess_isTheCallWithoutItsContent() {
    try (GatewayFixture gateway = new GatewayFixture("gateway.user_hash_key=0123456789abcdef")) {
      assertThat(gateway.post(PATH, SUCCESS).statusCode()).isEqualTo(202);

      LlmCallEvent event = gateway.only();
      assertThat(event.eventId()).isEqualTo("chatcmpl-1@1795521600500");
      assertThat(event.get(EventField.CALL_ID)).isEqualTo("t-1");
      assertThat(event.timestamp()).isEqualTo(1_795_521_600_500L);
      assertThat(event.outcome()).isEqualTo(Outcome.TRUNCATED);
      assertThat(event.get(EventField.DURATION_MS)).isEqualTo(1_500);
      assertThat(event.get(EventField.TIME_TO_FIRST_CHUNK_MS)).isEqualTo(250);
      assertThat(event.get(EventField.PROVIDER)).isEqualTo("azure.ai.openai");
      assertThat(event.get(EventField.OPERATION)).isEqualTo("chat");
      assertThat(event.get(EventField.REQUEST_MODEL)).isEqualTo("gpt-4o");
      assertThat(event.get(EventField.RESPONSE_MODEL)).isEqualTo("gpt-4o-2024-08-06");
      assertThat(event.get(EventField.SERVER_ADDRESS)).isEqualTo("eu.openai.azure.com");
      assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(100);
      assertThat(event.get(EventField.CACHE_READ_TOKENS)).isEqualTo(64);
      assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(20);
      assertThat(event.get(EventField.REASONING_TOKENS)).isEqualTo(8);
      assertThat(event.get(EventField.MAX_OUTPUT_TOKENS)).isEqualTo(20);
      assertThat(event.get(EventField.COST_NANO_USD)).isEqualTo(1_250_000);
      assertThat(event.get(EventField.TENANT)).isEqualTo("team-a");
      assertThat(event.get(EventField.USER)).matches("[0-9a-f]{16}");
      assertThat(event.get(EventField.CREDENTIAL)).isEqualTo("88dc28d0");
      assertThat(event.get(EventField.RATELIMIT))
          .isEqualTo(new RateLimit(new RateLimit.Headroom(500L, 499L, null), null));
    }
  }

  @Test
  void post_ofAFailure_saysWhy() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      assertThat(gateway.post(PATH, FAILURE).statusCode()).isEqualTo(202);

      LlmCallEvent event = gateway.only();
      assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
      assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.RATE_LIMIT);
      assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(429);
      assertThat(event.get(EventField.EXCEPTION_CLASS)).isEqualTo("RateLimitError");
      assertThat(event.get(EventField.PROVIDER_ERROR_TYPE)).isEqualTo("rate_limit_error");
      assertThat(event.get(EventField.ERROR_MESSAGE)).contains("would exceed your rate limit");
      assertThat(event.get(EventField.INPUT_TOKENS)).isNull();
      assertThat(event.get(EventField.COST_NANO_USD)).isNull();
    }
  }

  @Test
  void post_takesAllThreeLogFormats() {
    String one = SUCCESS.replace("\n", " ");
    String other = FAILURE.replace("\n", " ");
    try (GatewayFixture gateway = new GatewayFixture()) {
      assertThat(gateway.post(PATH, one, "content-type", "application/json").statusCode())
          .isEqualTo(202);
      assertThat(
              gateway
                  .post(PATH, "[" + one + "," + other + "]", "content-type", "application/json")
                  .statusCode())
          .isEqualTo(202);
      assertThat(
              gateway
                  .post(PATH, one + "\n" + other, "content-type", "application/x-ndjson")
                  .statusCode())
          .isEqualTo(202);
      // LiteLLM sends lines under this type as well.
      assertThat(
              gateway
                  .post(PATH, one + "\n" + other, "content-type", "application/json")
                  .statusCode())
          .isEqualTo(202);
      assertThat(gateway.sink.stored).hasSize(7);
    }
  }

  @Test
  void post_skipsAnswersOfACache_andNamesWhatIsNoPayload() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      String cached = SUCCESS.replace("\"cache_hit\": null", "\"cache_hit\": true");
      String body = "[" + cached + ",{\"id\":\"x\"}," + FAILURE.replace("1795521600,", "5,") + "]";

      HttpResponse<String> answer = gateway.post(PATH, body);

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains("\"accepted\":0,\"rejected\":2")
          .contains("\"index\":1,\"reason\":\"missing_field\",\"field\":\"startTime\"")
          .contains("\"index\":2,\"reason\":\"impossible_value\",\"field\":\"startTime\"");
      assertThat(gateway.count("petrel.gateway.skipped", "reason", "cache_hit")).isEqualTo(1);
    }
  }
}
