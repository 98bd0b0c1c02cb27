// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.event.EventField;
import dev.petrel.hook.contract.FakeProvider.Answer;
import dev.petrel.hook.contract.HookContract;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class ObservedHttpClientTest extends HookContract {

  private final HttpCallObserver observer = observer(PATIENCE);

  private final HttpClient client = ObservedHttpClient.of(HttpClient.newHttpClient(), observer);

  private final HttpClient impatient =
      ObservedHttpClient.of(HttpClient.newHttpClient(), observer(IMPATIENCE));

  private HttpCallObserver observer(Duration stallTimeout) {
    return HttpCallObserver.newBuilder(publisher)
        .service("support-bot")
        .hashKey("sixteen bytes or more")
        .stallTimeout(stallTimeout)
        .build();
  }

  private static HttpRequest request(URI uri, String body, String apiKey) {
    return request(uri, body, apiKey, PATIENCE);
  }

  private static HttpRequest request(URI uri, String body, String apiKey, Duration timeout) {
    return HttpRequest.newBuilder(uri)
        .timeout(timeout)
        .header("authorization", "Bearer " + apiKey)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  @Override
  protected void post(URI uri, String body, String apiKey) throws Exception {
    if (!isEndless(uri)) {
      HttpResponse<String> unused =
          client.sendAsync(request(uri, body, apiKey), BodyHandlers.ofString()).get();
      return;
    }
    CompletableFuture<HttpResponse<String>> response =
        impatient.sendAsync(
            request(uri, body, apiKey, IMPATIENCE.dividedBy(2)), BodyHandlers.ofString());
    try {
      response.get(4 * IMPATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // The stalled body: this client waits for ever.
    }
  }

  @Override
  protected void postAndCancel(URI uri, String body) {
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(request(uri, body, "k"), BodyHandlers.ofString());
    response.cancel(true);
  }

  @Test
  void send_givesTheAnswerAsItIs() throws Exception {
    HttpResponse<String> response =
        client.send(request(chat(Answer.OK), "{\"model\":\"m\"}", "k"), BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("Hello");
    assertThat(publisher.events()).hasSize(1);
  }

  @Test
  void send_throwsAsItDoes() throws Exception {
    assertThatThrownBy(
            () -> client.send(request(chat(Answer.CLOSED), "{}", "k"), BodyHandlers.ofString()))
        .hasMessageContaining("no bytes");
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(request(chat(Answer.CLOSED), "{}", "k"), BodyHandlers.ofString());
    assertThatThrownBy(response::get).isInstanceOf(ExecutionException.class);
  }

  @Test
  void event_hasTheContextOfTheThread() throws Exception {
    MDC.put("tenant", "of-the-mdc");
    MDC.put("user", "jane@example.com");
    try {
      post(chat(Answer.OK), "{\"n\":1}", "k");
      HttpResponse<String> unused =
          CallContext.ofTenant("acme")
              .withFeature("summary")
              .withAttribute("team", "red")
              .call(
                  () ->
                      client.send(
                          request(chat(Answer.OK), "{\"n\":2}", "k"), BodyHandlers.ofString()));
    } finally {
      MDC.clear();
    }
    post(chat(Answer.OK), "{\"n\":3}", "k");

    assertThat(publisher.events())
        .extracting(event -> event.get(EventField.TENANT))
        .containsExactly("of-the-mdc", "acme", null);
    assertThat(publisher.events().get(0).get(EventField.USER)).matches("[0-9a-f]{16}");
    assertThat(publisher.events().get(1).get(EventField.FEATURE)).isEqualTo("summary");
    assertThat(publisher.events().get(1).get(EventField.ATTRIBUTES)).containsEntry("team", "red");
    assertThat(publisher.events().get(2).get(EventField.USER)).isNull();
    assertThat(publisher.events())
        .allSatisfy(event -> assertThat(event.get(EventField.SERVICE)).isEqualTo("support-bot"));
    assertThat(observer.failures()).isZero();
  }

  @Test
  void carriedContext_comesBeforeTheThreads_andIsTakenOff() throws Exception {
    String carried = observer.carry(CallContext.ofTenant("acme"));
    String notOurs = carried.substring(1);
    for (String path : new String[] {"/chat/completions", "/files"}) {
      for (String value : new String[] {carried, notOurs, ""}) {
        HttpRequest carrying =
            HttpRequest.newBuilder(
                    request(
                        URI.create(provider.baseUri(Answer.OK) + path),
                        "{\"of\":\"" + value + "\"}",
                        "k"),
                    (name, unused) -> true)
                .header("X-Petrel-Context", value)
                .build();
        HttpResponse<String> unused =
            CallContext.ofTenant("of-the-thread")
                .call(() -> client.send(carrying, BodyHandlers.ofString()));
      }
    }

    assertThat(publisher.events())
        .extracting(event -> event.get(EventField.TENANT))
        .containsExactly("acme", "of-the-thread", "of-the-thread");
    assertThat(provider.requestHeaders())
        .hasSize(6)
        .noneMatch(headers -> headers.containsKey(HttpCallObserver.CONTEXT_HEADER));
    assertThat(observer.failures()).isZero();
  }
}
