// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookNotifierTest extends NotifierContract {

  private static final Links LINKS = new Links(URI.create("http://127.0.0.1:8080"));
  private static final byte[] KEY = "0123456789abcdef01234567".getBytes(StandardCharsets.UTF_8);
  private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);

  @Override
  Notifier notifier(URI endpoint, HttpSender sender) {
    return new WebhookNotifier(
        "hook", new WebhookConfig(endpoint, WebhookSignature.withSecret(SECRET)), LINKS, sender);
  }

  @Override
  String secret() {
    return "token-4711";
  }

  @Override
  String path() {
    return "/hooks/" + secret() + "?key=" + secret();
  }

  @Override
  void assertValid(JsonNode body) {
    assertThat(body.path("version").asInt()).isEqualTo(1);
    assertThat(body.path("incident_id").asText()).isNotEmpty();
    assertThat(body.path("action").asText()).isIn("trigger", "update", "resolve");
    assertThat(body.path("status").asText())
        .isEqualTo(body.path("action").asText().equals("resolve") ? "resolved" : "firing");
    assertThat(body.path("severity").asText()).isIn("critical", "error", "warning", "info");
    assertThat(Instant.parse(body.path("starts_at").asText())).isNotNull();
    assertThat(body.path("alerts").size()).isPositive();
    assertThat(body.path("alerts").size() + body.path("omitted").asInt(0))
        .isEqualTo(body.path("total").asInt());
    for (JsonNode alert : body.path("alerts")) {
      assertThat(Instant.parse(alert.path("starts_at").asText())).isNotNull();
      assertThat(alert.path("status").asText()).isIn("firing", "resolved");
      assertThat(alert.path("incident_url").asText()).startsWith("http://127.0.0.1:8080/");
    }
    assertThat(body.toString().getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(WebhookNotifier.MAX_BODY);
  }

  @Override
  void assertMatches(JsonNode trigger, JsonNode resolve) {
    assertThat(trigger.path("action").asText()).isEqualTo("trigger");
    assertThat(resolve.path("action").asText()).isEqualTo("resolve");
    assertThat(resolve.path("ends_at").asText()).isEqualTo("2023-11-14T22:17:50Z");
    assertThat(resolve.path("incident_id")).isEqualTo(trigger.path("incident_id"));
  }

  /** As a receiver does it by the specification, and not by our own code. */
  private static String signature(LocalReceiver.Request request) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
    String signed =
        request.header("webhook-id")
            + "."
            + request.header("webhook-timestamp")
            + "."
            + request.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void send_signsIdTimeAndBody() throws Exception {
    send(Notice.about(Action.TRIGGER, Alerts.withText("é🐦<>")));

    LocalReceiver.Request request = server.requests().get(0);
    assertThat(request.header("webhook-signature")).isEqualTo(signature(request));
    assertThat(request.header("webhook-timestamp"))
        .isEqualTo(String.valueOf(Instant.parse("2026-01-01T00:00:00Z").getEpochSecond()));
  }

  /** The example of the specification's own test libraries. */
  @Test
  void headers_matchAPublishedExample() {
    WebhookSignature signature =
        WebhookSignature.withSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    assertThat(
            signature.headers(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void send_hasTheSameIdForTheSameContentOnly() {
    Alert alert = Alerts.firing("a1");
    send(Notice.about(Action.TRIGGER, alert));
    send(Notice.about(Action.TRIGGER, alert));
    send(Notice.about(Action.UPDATE, Alerts.worse(alert)));

    assertThat(server.requests().get(1).header("webhook-id"))
        .matches("msg_[0-9a-f]{32}")
        .isEqualTo(server.requests().get(0).header("webhook-id"))
        .isNotEqualTo(server.requests().get(2).header("webhook-id"));
  }

  @Test
  void send_hasTheWholeAlert() throws Exception {
    send(Notice.about(Action.TRIGGER, Alerts.firing("a1")));

    JsonNode alert = Json.mapper().readTree(server.bodies().get(0)).path("alerts").path(0);
    assertThat(alert.path("alert_id").asText()).isEqualTo("a1");
    assertThat(alert.path("facts").path("Error types").asText()).isEqualTo("overloaded 500");
    assertThat(alert.path("evidence").path("bad").asLong()).isEqualTo(512);
    assertThat(alert.has("ends_at")).isFalse();
    assertThat(alert.path("incident_url").asText()).isEqualTo("http://127.0.0.1:8080/incidents/a1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.example/x-secret-x",
        "http://127.0.0.1.evil.example/x-secret-x",
        "http://localhost.evil.example/x-secret-x",
        "https://user:x-secret-x@hooks.example/",
        "ftp://127.0.0.1/x-secret-x",
        "/x-secret-x"
      })
  void new_refusesUrlsThatAreNotProtectedWithoutShowingThem(String url) {
    WebhookSignature signature = WebhookSignature.withSecret(SECRET);

    assertThatThrownBy(() -> new WebhookConfig(URI.create(url), signature))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url: must ")
        .hasMessageNotContaining("x-secret-x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hooks.example/x",
        "http://127.0.0.1:1/x",
        "http://[::1]/x",
        "http://localhost:8080/x"
      })
  void new_acceptsProtectedUrls(String url) {
    WebhookConfig config = new WebhookConfig(URI.create(url), WebhookSignature.withSecret(SECRET));

    assertThat(config.toString()).doesNotContain(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!"})
  void withSecret_refusesWhatIsNoKeyWithoutShowingIt(String secret) {
    assertThatThrownBy(() -> WebhookSignature.withSecret(secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("secret: must be whsec_ and the base64 of 24 to 64 random bytes");
  }
}
