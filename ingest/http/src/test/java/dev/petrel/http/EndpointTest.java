// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1/chat/completions, openai, chat,, false",
    "https://api.openai.com/v1/responses, openai, chat,, false",
    "https://eu.api.openai.com/v1/embeddings, openai, embeddings,, false",
    "https://x.openai.azure.com/openai/deployments/prod-4o/chat/completions?api-version=1, azure.ai.openai, chat, prod-4o, false",
    "https://x.services.ai.azure.com/models/chat/completions, azure.ai.inference, chat,, false",
    "https://api.anthropic.com/v1/messages, anthropic, chat,, false",
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent?key=k, gcp.gemini, generate_content, gemini-2.5-flash, false",
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse, gcp.gemini, generate_content, gemini-2.5-flash, true",
    "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent, gcp.vertex_ai, generate_content, gemini-2.5-pro, false",
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-v2%3A1/converse, aws.bedrock, chat, anthropic.claude-v2:1, false",
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke-with-response-stream, aws.bedrock, chat, m, true",
    "https://api.groq.com/openai/v1/chat/completions, groq, chat,, false",
    "https://api.cohere.com/v2/chat, cohere, chat,, false",
    "http://127.0.0.1:9999/v1/chat/completions, openai, chat,, false",
    "http://llm-proxy.internal/anthropic/v1/messages, anthropic, chat,, false",
    "http://localhost:11434/api/chat, ollama, chat,, false"
  })
  void of_knowsCalls(String uri, String provider, String operation, String model, boolean stream) {
    Endpoint endpoint = requireNonNull(Endpoint.of("POST", URI.create(uri)));

    assertThat(endpoint.provider()).isEqualTo(provider);
    assertThat(endpoint.operation()).isEqualTo(operation);
    assertThat(endpoint.model()).isEqualTo(model);
    assertThat(endpoint.stream()).isEqualTo(stream);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.openai.com/v1/models",
        "https://example.com/",
        "https://example.com/v1/chat",
        "https://chat.example.com/api/messages",
        "mailto:a@b.c"
      })
  void of_passesOverAllElse(String uri) {
    assertThat(Endpoint.of("POST", URI.create(uri))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE", "post"})
  void of_passesOverOtherMethods(String method) {
    assertThat(Endpoint.of(method, URI.create("https://api.openai.com/v1/chat/completions")))
        .isNull();
  }
}
