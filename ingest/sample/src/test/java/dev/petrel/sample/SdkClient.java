// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.core.ClientOptions;
import com.openai.core.Timeout;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.petrel.hook.contract.FakeProvider.Answer;
import dev.petrel.http.HttpCallObserver;
import dev.petrel.langchain4j.ObservedHttpClientBuilder;
import dev.petrel.openai.ObservedOpenAi;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A client of an SDK from Maven Central, and what is known of it. To watch one more, add it to
 * {@link #all}.
 *
 * @param streamed whether it asks for streams
 * @param retried the answers that it tries again, twice
 * @param amplification attempts by calls over {@link ProviderCase#all}, counted by hand
 * @param sdk makes one call
 */
record SdkClient(
    String name, boolean streamed, Set<Answer> retried, double amplification, Sdk sdk) {

  private static final int MAX_RETRIES = 2;

  /** A call to a provider, by one user of it. */
  record Call(URI baseUri, String apiKey, Duration timeout) {}

  /** How a call is made. */
  interface Sdk {

    /**
     * Makes a call, with all its retries; may return before its end.
     *
     * @throws Exception when there is no answer
     */
    void make(Call call, HttpCallObserver observer) throws Exception;
  }

  /** Statuses 408, 409, 429 and from 500, and all trouble before an answer. */
  private static final Set<Answer> BY_OPENAI =
      EnumSet.of(
          Answer.RATE_LIMIT,
          Answer.QUOTA,
          Answer.SERVER_ERROR,
          Answer.OVERLOADED,
          Answer.SILENT,
          Answer.CLOSED);

  /** The same, and all that cannot be read. */
  private static final Set<Answer> BY_LANGCHAIN4J = EnumSet.of(Answer.CUT, Answer.GARBAGE);

  static {
    BY_LANGCHAIN4J.addAll(BY_OPENAI);
  }

  private static final Set<Answer> NONE = EnumSet.noneOf(Answer.class);

  /** All clients under test. */
  static List<SdkClient> all() {
    // Of 15 calls, 7 have 3 attempts; of 16 with streams, 7; LangChain4j retries 2 more.
    return List.of(
        new SdkClient("openai-java", false, BY_OPENAI, 29.0 / 15, SdkClient::openAi),
        new SdkClient("openai-java-async", false, BY_OPENAI, 29.0 / 15, SdkClient::openAiAsync),
        new SdkClient("openai-java-stream", true, BY_OPENAI, 30.0 / 16, SdkClient::openAiStream),
        new SdkClient(
            "openai-java-async-stream", true, BY_OPENAI, 30.0 / 16, SdkClient::openAiAsyncStream),
        new SdkClient("langchain4j", false, BY_LANGCHAIN4J, 33.0 / 15, SdkClient::langChain4j),
        new SdkClient("langchain4j-stream", true, NONE, 16.0 / 16, SdkClient::langChain4jStream));
  }

  /** How many attempts a call makes. */
  int attempts(ProviderCase provider) {
    int attempts = 1;
    while (attempts <= MAX_RETRIES && retried.contains(provider.answer(attempts - 1))) {
      attempts++;
    }
    return attempts;
  }

  @Override
  public String toString() {
    return name;
  }

  private static Consumer<ClientOptions.Builder> options(Call call) {
    return options ->
        options
            .apiKey(call.apiKey())
            .baseUrl(call.baseUri().toString())
            .maxRetries(MAX_RETRIES)
            .timeout(Timeout.builder().read(call.timeout()).build());
  }

  /** The key makes requests different, as those of different users are. */
  private static ChatCompletionCreateParams question(Call call) {
    return ChatCompletionCreateParams.builder()
        .model("gpt-4o")
        .addUserMessage("I am " + call.apiKey())
        .build();
  }

  private static ChatCompletionCreateParams streamed(Call call) {
    return question(call).toBuilder()
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
        .build();
  }

  private static void openAi(Call call, HttpCallObserver observer) {
    OpenAIClient client = ObservedOpenAi.client(observer, options(call));
    try {
      Object unused = client.chat().completions().create(question(call));
    } finally {
      client.close();
    }
  }

  private static void openAiAsync(Call call, HttpCallObserver observer) {
    OpenAIClientAsync client = ObservedOpenAi.asyncClient(observer, options(call));
    try {
      Object unused = client.chat().completions().create(question(call)).join();
    } finally {
      client.close();
    }
  }

  private static void openAiStream(Call call, HttpCallObserver observer) {
    OpenAIClient client = ObservedOpenAi.client(observer, options(call));
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(streamed(call))) {
      long unused = chunks.stream().count();
    } finally {
      client.close();
    }
  }

  private static void openAiAsyncStream(Call call, HttpCallObserver observer) {
    OpenAIClientAsync client = ObservedOpenAi.asyncClient(observer, options(call));
    try {
      Object unused =
          client
              .chat()
              .completions()
              .createStreaming(streamed(call))
              .subscribe(chunk -> {})
              .onCompleteFuture()
              .join();
    } finally {
      client.close();
    }
  }

  private static HttpClientBuilder watched(HttpCallObserver observer) {
    return ObservedHttpClientBuilder.of(JdkHttpClient.builder(), observer);
  }

  private static void langChain4j(Call call, HttpCallObserver observer) {
    String unused =
        OpenAiChatModel.builder()
            .httpClientBuilder(watched(observer))
            .baseUrl(call.baseUri().toString())
            .apiKey(call.apiKey())
            .modelName("gpt-4o")
            .timeout(call.timeout())
            .maxRetries(MAX_RETRIES)
            .build()
            .chat("I am " + call.apiKey());
  }

  /** Does not wait: LangChain4j itself waits for a stalled stream for ever. */
  private static void langChain4jStream(Call call, HttpCallObserver observer) {
    OpenAiStreamingChatModel.builder()
        .httpClientBuilder(watched(observer))
        .baseUrl(call.baseUri().toString())
        .apiKey(call.apiKey())
        .modelName("gpt-4o")
        .timeout(call.timeout())
        .build()
        .chat(
            "I am " + call.apiKey(),
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String text) {}

              @Override
              public void onCompleteResponse(ChatResponse response) {}

              @Override
              public void onError(Throwable error) {}
            });
  }
}
