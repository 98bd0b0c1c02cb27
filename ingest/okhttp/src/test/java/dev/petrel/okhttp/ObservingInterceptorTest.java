// SPDX-License-Identifier: Apache-2.0
package dev.petrel.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.Outcome;
import dev.petrel.hook.contract.FakeProvider.Answer;
import dev.petrel.hook.contract.HookContract;
import dev.petrel.http.CallContext;
import dev.petrel.http.HttpCallObserver;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservingInterceptorTest extends HookContract {

  private static final MediaType JSON = MediaType.get("application/json");

  private final HttpCallObserver observer = HttpCallObserver.newBuilder(publisher).build();

  private final OkHttpClient client =
      new OkHttpClient.Builder()
          .readTimeout(PATIENCE)
          .retryOnConnectionFailure(false)
          .addInterceptor(new ObservingInterceptor(observer))
          .build();

  private static Request request(URI uri, String body, String apiKey) {
    return new Request.Builder()
        .url(uri.toString())
        .header("authorization", "Bearer " + apiKey)
        .post(RequestBody.create(body, JSON))
        .build();
  }

  @Override
  protected void post(URI uri, String body, String apiKey) throws IOException {
    OkHttpClient to = isEndless(uri) ? client.newBuilder().readTimeout(IMPATIENCE).build() : client;
    try (Response response = to.newCall(request(uri, body, apiKey)).execute()) {
      assertThat(response.body().string()).isNotNull();
    }
  }

  @Override
  protected void postAndCancel(URI uri, String body) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    Call call = client.newCall(request(uri, body, "k"));
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException failure) {
            ended.countDown();
          }

          @Override
          public void onResponse(Call answered, Response response) {
            response.close();
            ended.countDown();
          }
        });
    TimeUnit.MILLISECONDS.sleep(200);
    call.cancel();
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(observer.failures()).isZero();
    client.dispatcher().executorService().shutdown();
  }

  @Test
  void okHttp_isOfTheVersionThatIsMeant() throws ReflectiveOperationException {
    // By reflection: the compiler would put the constant of its own version here.
    Object version = Class.forName("okhttp3.OkHttp").getField("VERSION").get(null);

    assertThat(version).isEqualTo(System.getProperty("petrel.okhttp"));
  }

  @Test
  void timeoutOfTheCall_isNoCancellation() {
    OkHttpClient impatient =
        client.newBuilder().readTimeout(Duration.ZERO).callTimeout(IMPATIENCE).build();
    try (Response response = impatient.newCall(request(chat(Answer.SILENT), "{}", "k")).execute()) {
      assertThat(response).isNull();
    } catch (IOException e) {
      assertThat(e).hasMessage("timeout");
    }

    assertThat(publisher.events()).hasSize(1);
    assertThat(publisher.events().get(0).get(EventField.ERROR_TYPE))
        .isEqualTo(ErrorType.CLIENT_TIMEOUT);
    assertThat(publisher.events().get(0).get(EventField.ERROR_DETAIL)).isEqualTo("total");
  }

  @Test
  void interruptedThread_isCancellation() throws InterruptedException {
    Thread caller =
        new Thread(
            () -> {
              try {
                post(chat(Answer.SILENT), "{}", "k");
              } catch (IOException e) {
                // The event tells.
              }
            });
    caller.start();
    TimeUnit.MILLISECONDS.sleep(300);
    caller.interrupt();

    await().untilAsserted(() -> assertThat(publisher.events()).hasSize(1));
    assertThat(publisher.events().get(0).outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void closedAnswer_isCancelledBeforeItsEnd_butNotBehindIt() throws IOException {
    try (Response response =
        client.newCall(request(chat(Answer.STREAM_STALLED), "{}", "k")).execute()) {
      assertThat(response.body().source().readByte()).isEqualTo((byte) 'd');
    }
    try (Response response = client.newCall(request(chat(Answer.STREAM), "{}", "k")).execute()) {
      while (!"data: [DONE]".equals(response.body().source().readUtf8Line())) {
        // Up to the last event, not to the end of the body.
      }
    }

    assertThat(publisher.events())
        .extracting(event -> event.outcome())
        .containsExactly(Outcome.CANCELLED, Outcome.SUCCESS);
  }

  @Test
  void carriedContext_isTheAttempts_andTakenOff() throws Exception {
    for (String path : new String[] {"/chat/completions", "/files"}) {
      Request carrying =
          request(URI.create(provider.baseUri(Answer.OK) + path), "{}", "k")
              .newBuilder()
              .header(HttpCallObserver.CONTEXT_HEADER, observer.carry(CallContext.ofTenant("acme")))
              .build();
      CompletableFuture<Response> answer = new CompletableFuture<>();
      client
          .newCall(carrying)
          .enqueue(
              new Callback() {
                @Override
                public void onFailure(Call failed, IOException failure) {
                  answer.completeExceptionally(failure);
                }

                @Override
                public void onResponse(Call answered, Response response) {
                  answer.complete(response);
                }
              });
      try (Response response = answer.get(20, TimeUnit.SECONDS)) {
        assertThat(response.body().string()).isNotEmpty();
      }
    }

    assertThat(publisher.events()).hasSize(1);
    assertThat(publisher.events().get(0).get(EventField.TENANT)).isEqualTo("acme");
    assertThat(provider.requestHeaders())
        .hasSize(2)
        .noneMatch(headers -> headers.containsKey(HttpCallObserver.CONTEXT_HEADER));
  }

  @Test
  void closedFailure_saysWhyItFailed() throws IOException {
    try (Response response = client.newCall(request(chat(Answer.QUOTA), "{}", "k")).execute()) {
      assertThat(response.code()).isEqualTo(429);
    }

    assertThat(publisher.events().get(0).get(EventField.ERROR_TYPE))
        .isEqualTo(ErrorType.QUOTA_EXHAUSTED);
  }
}
