// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {

  private static final String STREAM =
      ": comment\nevent: start\ndata: {\"a\":1}\n\nid: 3\ndata:first\ndata: second\n\n"
          + "dat: no\ndatas: no\n\ndata\n\ndata: [DONE]\n\ndata: cut of";

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void feed_givesTheDataOfEvents_howeverTheyAreCut(String endOfLine) {
    byte[] bytes = STREAM.replace("\n", endOfLine).getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      List<String> events = new ArrayList<>();
      EventStream stream = new EventStream(collector(events));
      stream.feed(bytes, 0, cut);
      stream.feed(bytes, cut, bytes.length - cut);
      stream.end();

      assertThat(events)
          .as("cut at %d", cut)
          .containsExactly("{\"a\":1}", "firstsecond", "[DONE]", "cut of");
    }
  }

  private static EventStream.Listener collector(List<String> events) {
    StringBuilder data = new StringBuilder();
    return new EventStream.Listener() {
      @Override
      public void data(byte[] bytes, int from, int length) {
        data.append(new String(bytes, from, length, UTF_8));
      }

      @Override
      public void eventEnded() {
        events.add(data.toString());
        data.setLength(0);
      }
    };
  }
}
