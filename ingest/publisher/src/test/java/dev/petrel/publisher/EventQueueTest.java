// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventQueueTest {
  private final EventQueue queue = new EventQueue(10, 1_000_000);

  @Test
  void wakeUp_takesNoRoomFromEvents_howeverOftenItIsCalled() throws Exception {
    for (int i = 0; i < 100; i++) {
      queue.wakeUp();
    }
    for (int i = 0; i < 10; i++) {
      assertThat(queue.offer(delivery())).isNull();
    }
    assertThat(queue.offer(delivery())).isEqualTo(DropReason.QUEUE_FULL);
    assertThat(queue.take()).isNull();
    for (int i = 0; i < 10; i++) {
      assertThat(queue.take()).isNotNull();
    }
    assertThat(queue.nothingWaits()).isTrue();
  }

  @Test
  void wakeUp_worksAgain_afterItWokeATaker() throws Exception {
    for (int i = 0; i < 3; i++) {
      queue.wakeUp();
      assertThat(queue.take()).isNull();
    }
    queue.wakeUp();
    assertThat(queue.pollNow()).isNull();
    queue.wakeUp();
    assertThat(queue.take()).isNull();
  }

  @Test
  void isBeyondHalf_looksAtCountAndBytes() {
    for (int i = 0; i < 5; i++) {
      queue.offer(delivery());
    }
    assertThat(queue.isBeyondHalf()).isFalse();
    Delivery sixth = delivery();
    queue.offer(sixth);
    assertThat(queue.isBeyondHalf()).isTrue();
    queue.release(sixth);
    assertThat(queue.isBeyondHalf()).isFalse();

    long bytes = delivery().bytes();
    EventQueue small = new EventQueue(10, 4 * bytes);
    small.offer(delivery());
    small.offer(delivery());
    assertThat(small.isBeyondHalf()).isFalse();
    small.offer(delivery());
    assertThat(small.isBeyondHalf()).isTrue();
  }

  private static Delivery delivery() {
    return new Delivery(new BuiltCall(error("e")));
  }
}
