// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service.silence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.service.match.Matcher;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SilenceTest {

  private static Silence silence(long from, long to, String... matchers) {
    return new Silence(
        "s1", Stream.of(matchers).map(Matcher::parse).toList(), from, to, "kim", "maintenance");
  }

  @Test
  void isActive_fromItsStartUntilBeforeItsEnd() {
    Silence silence = silence(10, 20, "a=b");
    assertThat(List.of(9L, 10L, 19L, 20L))
        .extracting(silence::state)
        .containsExactly("pending", "active", "active", "expired");
  }

  @Test
  void fromBytes_readsWhatWasWritten() {
    Silence silence = silence(10, 20, "tenant=~\"ac.e \\\"x\\\"\"", "severity!=critical");
    assertThat(Silence.fromBytes(silence.toBytes())).isEqualTo(silence);
  }

  @Test
  void fromBytes_refusesWhatIsNoSilence() {
    for (String json : List.of("{}", "[]", "x", "{\"id\":\"a\",\"matchers\":[\"a=b\"]}")) {
      assertThatThrownBy(() -> Silence.fromBytes(json.getBytes(UTF_8)))
          .as(json)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void expired_endsNowAndNeverLater() {
    assertThat(silence(10, 20, "a=b").expired(15).endsAt()).isEqualTo(15);
    assertThat(silence(10, 20, "a=b").expired(25).endsAt()).isEqualTo(20);
    assertThat(silence(10, 20, "a=b").expired(5).isActive(10)).isFalse();
  }

  @Test
  void silence_refusesToSilenceEverything() {
    assertThatThrownBy(() -> silence(10, 20)).hasMessageContaining("matchers");
    assertThatThrownBy(() -> silence(10, 20, "a=~\".*\"")).hasMessageContaining("matchers");
    assertThatThrownBy(() -> silence(10, 20, "a!=b")).hasMessageContaining("matchers");
  }

  @Test
  void silence_needsAnAuthorACommentAndAnOrder() {
    List<Matcher> matchers = List.of(Matcher.parse("a=b"));
    assertThatThrownBy(() -> new Silence("s", matchers, 1, 2, " ", "c"))
        .hasMessageContaining("created_by");
    assertThatThrownBy(() -> new Silence("s", matchers, 1, 2, "a", ""))
        .hasMessageContaining("comment");
    assertThatThrownBy(() -> new Silence("s", matchers, 2, 1, "a", "c"))
        .hasMessageContaining("ends_at");
    assertThatThrownBy(() -> new Silence("s/1", matchers, 1, 2, "a", "c"))
        .hasMessageContaining("id");
  }
}
