// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.petrel.hook.contract.HookContract;
import dev.petrel.http.HttpCallObserver;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** LangChain4j's client for the JDK, all of whose exchange is seen. */
class JdkClientContractTest extends HookContract {

  private final HttpClient client = client(PATIENCE);
  private final HttpClient impatient = client(IMPATIENCE);

  private HttpClient client(Duration stallTimeout) {
    return ObservedHttpClientBuilder.of(
            JdkHttpClient.builder(),
            HttpCallObserver.newBuilder(publisher).stallTimeout(stallTimeout).build())
        .readTimeout(stallTimeout.dividedBy(2))
        .build();
  }

  private static HttpRequest request(URI uri, String body, String apiKey) {
    return HttpRequest.builder()
        .method(HttpMethod.POST)
        .url(uri.toString())
        .addHeader("Authorization", "Bearer " + apiKey)
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  @Override
  protected void post(URI uri, String body, String apiKey) throws Exception {
    HttpRequest request = request(uri, body, apiKey);
    HttpClient to = isEndless(uri) ? impatient : client;
    if (!body.contains("\"stream\":true")) {
      SuccessfulHttpResponse unused = to.execute(request);
      return;
    }
    CountDownLatch ended = new CountDownLatch(1);
    to.execute(
        request,
        new ServerSentEventListener() {
          @Override
          public void onError(Throwable failure) {
            ended.countDown();
          }

          @Override
          public void onClose() {
            ended.countDown();
          }
        });
    // The stalled stream: this client waits for ever.
    Duration most = isEndless(uri) ? IMPATIENCE.multipliedBy(4) : PATIENCE;
    boolean unused = ended.await(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void postAndCancel(URI uri, String body) throws Exception {
    Thread caller =
        new Thread(
            () -> {
              try {
                SuccessfulHttpResponse unused = client.execute(request(uri, body, "k"));
              } catch (RuntimeException e) {
                // The event tells.
              }
            });
    caller.start();
    Thread.sleep(100);
    caller.interrupt();
    caller.join();
  }
}
