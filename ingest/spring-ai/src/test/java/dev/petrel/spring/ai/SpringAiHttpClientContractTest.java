// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.openai.core.Timeout;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import dev.petrel.hook.contract.HookContract;
import dev.petrel.http.HttpCallObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.springframework.ai.openai.http.okhttp.SpringAiOpenAiHttpClient;

/** The HTTP client of Spring AI's OpenAI models, customized as the auto-configuration does. */
class SpringAiHttpClientContractTest extends HookContract {

  private final SpringAiOpenAiHttpClient client = client(PATIENCE);
  private final SpringAiOpenAiHttpClient impatient = client(IMPATIENCE);

  private SpringAiOpenAiHttpClient client(Duration readTimeout) {
    SpringAiOpenAiHttpClient.Builder builder =
        SpringAiOpenAiHttpClient.builder().timeout(Timeout.builder().read(readTimeout).build());
    new ObservedModelsAutoConfiguration.OpenAi()
        .petrelOpenAiCustomizer(HttpCallObserver.newBuilder(publisher).build())
        .customize(builder);
    return builder.build();
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

    /** Not twice: the client itself would send again where no hook sees it. */
    @Override
    public boolean repeatable() {
      return false;
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
    SpringAiOpenAiHttpClient to = isEndless(uri) ? impatient : client;
    try (HttpResponse response = to.execute(request(uri, body, apiKey))) {
      byte[] unused = response.body().readAllBytes();
    }
  }

  @Override
  protected void postAndCancel(URI uri, String body) throws InterruptedException {
    var response = client.executeAsync(request(uri, body, "k"));
    Thread.sleep(200);
    response.cancel(true);
  }

  @AfterEach
  void closeClient() {
    client.close();
    impatient.close();
  }
}
