// SPDX-License-Identifier: Apache-2.0
package dev.petrel.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.okhttp.OkHttpClient;
import com.openai.core.Timeout;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.Outcome;
import dev.petrel.hook.contract.FakeProvider.Answer;
import dev.petrel.hook.contract.HookContract;
import dev.petrel.http.HttpCallObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservedTransportTest extends HookContract {

  private final HttpCallObserver observer =
      HttpCallObserver.newBuilder(publisher).hashKey("sixteen bytes or more").build();

  private final HttpClient client = client(PATIENCE);
  private final HttpClient impatient = client(IMPATIENCE);

  private HttpClient client(Duration readTimeout) {
    return ObservedOpenAi.transport(
        OkHttpClient.builder().timeout(Timeout.builder().read(readTimeout).build()).build(),
        observer);
  }

  private record Json(byte[] bytes) implements HttpRequestBody {
    @Override
    public void writeTo(OutputStream out) {
      try {
        out.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean repeatable() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static HttpRequest request(URI uri, String body, String apiKey) {
    return HttpRequest.builder()
        .method(HttpMethod.POST)
        .baseUrl(uri.toString())
        .putHeader("authorization", "Bearer " + apiKey)
        .body(new Json(body.getBytes(UTF_8)))
        .build();
  }

  @Override
  protected void post(URI uri, String body, String apiKey) throws IOException {
    HttpClient to = isEndless(uri) ? impatient : client;
    try (HttpResponse response = to.execute(request(uri, body, apiKey))) {
      byte[] unused = response.body().readAllBytes();
    }
  }

  @Override
  protected void postAndCancel(URI uri, String body) {
    client.executeAsync(request(uri, body, "k")).cancel(true);
  }

  @AfterEach
  void closeClient() {
    client.close();
    impatient.close();
  }

  @Test
  void execute_givesTheAnswerAsItIs() throws IOException {
    try (HttpResponse response = client.execute(request(chat(Answer.OK), "{}", "k"))) {
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.requestId()).contains("req_ok");
      assertThat(new String(response.body().readAllBytes(), UTF_8)).contains("Hello");
    }
    assertThat(publisher.events()).hasSize(1);
    assertThat(observer.failures()).isZero();
  }

  @Test
  void execute_throwsAsItDoes() {
    assertThatThrownBy(() -> client.execute(request(chat(Answer.CLOSED), "{}", "k")))
        .isInstanceOf(OpenAIIoException.class);
    assertThatThrownBy(() -> client.executeAsync(request(chat(Answer.CLOSED), "{}", "k")).get())
        .hasCauseInstanceOf(OpenAIIoException.class);
  }

  @Test
  void close_ofAnUnreadError_keepsItsReason() {
    client.execute(request(chat(Answer.QUOTA), "{}", "k")).close();

    assertThat(publisher.events()).hasSize(1);
    assertThat(publisher.events().get(0).get(EventField.ERROR_TYPE))
        .isEqualTo(ErrorType.QUOTA_EXHAUSTED);
  }

  @Test
  void close_ofAnUnreadAnswer_isGivingUp() {
    client.execute(request(chat(Answer.STREAM), "{}", "k")).close();

    assertThat(publisher.events()).hasSize(1);
    assertThat(publisher.events().get(0).outcome()).isEqualTo(Outcome.CANCELLED);
  }
}
