// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContextSealTest {

  private static final CallContext CONTEXT =
      new CallContext("acme", "jane@example.com", null, "", Map.of("team", "réd", "", "x"));

  private final ContextSeal seal = ContextSeal.withNewKey();

  @Test
  void open_isTheContextAgain() {
    assertThat(seal.open(seal.seal(CONTEXT))).isEqualTo(CONTEXT);
    assertThat(seal.open(seal.seal(CallContext.NONE))).isEqualTo(CallContext.NONE);
  }

  @Test
  void seal_canBeAHeadersValue_tellsNothing_andIsNeverTheSame() {
    String sealed = seal.seal(CONTEXT);

    assertThat(sealed).matches("[A-Za-z0-9_-]+").isNotEqualTo(seal.seal(CONTEXT));
    assertThat(new String(Base64.getUrlDecoder().decode(sealed), US_ASCII))
        .doesNotContain("acme", "jane");
  }

  @Test
  void open_ofWhatThisDidNotSeal_isNull() {
    String sealed = seal.seal(CONTEXT);

    assertThat(ContextSeal.withNewKey().open(sealed)).isNull();
    assertThat(seal.open(sealed.substring(0, sealed.length() - 4))).isNull();
    assertThat(seal.open("")).isNull();
    assertThat(seal.open("17")).isNull();
    assertThat(seal.open("not Base64 ä")).isNull();
  }
}
