// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.LlmCallEvent;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StatementPublisherTest {

  @Test
  void isOwn_knowsLoggersAndThreadsOfPublishing() {
    assertThat(StatementPublisher.isOwn("org.apache.kafka.clients.NetworkClient", "main")).isTrue();
    assertThat(StatementPublisher.isOwn("dev.petrel.publisher.EventPublisher", "main")).isTrue();
    assertThat(StatementPublisher.isOwn("com.example.App", "petrel-publisher app")).isTrue();
    assertThat(StatementPublisher.isOwn("com.example.App", "main")).isFalse();
    assertThat(StatementPublisher.isOwn("org.apache.kafkaesque.App", "main")).isFalse();
    assertThat(StatementPublisher.isOwn(null, null)).isFalse();
  }

  @Test
  void close_returnsWhenTheTimeIsUp() {
    CountDownLatch mayClose = new CountDownLatch(1);
    StatementPublisher publisher = newPublisher(mayClose);

    assertThat(publisher.close(Duration.ofMillis(1))).isFalse();
    mayClose.countDown();
    assertThat(publisher.close(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void close_keepsAnInterrupt() {
    StatementPublisher publisher = newPublisher(new CountDownLatch(1));
    Thread.currentThread().interrupt();

    assertThat(publisher.close(Duration.ofSeconds(30))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static StatementPublisher newPublisher(CountDownLatch mayClose) {
    CallPublisher publisher =
        new CallPublisher() {
          @Override
          public boolean publish(LlmCallEvent event) {
            return false;
          }

          @Override
          public void close() {
            try {
              mayClose.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    return new AppenderSettings(builder -> publisher).start(message -> {});
  }
}
