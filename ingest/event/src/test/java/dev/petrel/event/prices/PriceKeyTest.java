// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceKeyTest {

  @ParameterizedTest
  @CsvSource({
    "input, INPUT, 0, STANDARD",
    "cache_write_1h.batch, CACHE_WRITE_1H, 0, BATCH",
    "output>272k, OUTPUT, 272000, STANDARD",
    "input>272k.priority, INPUT, 272000, PRIORITY",
  })
  void parse_readsWhatTextWrites(String text, Rate rate, long above, ServiceTier tier) {
    PriceKey key = new PriceKey(rate, above, tier);
    assertThat(PriceKey.parse(text)).isEqualTo(key);
    assertThat(key.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "inputs",
        "input.",
        "input.fast",
        "input>",
        "input>k",
        "input>5",
        "input>-1k",
        "input>0k",
        "input>99999999999999999999k",
        "input>9223372036854775807k",
        "context_window"
      })
  void parse_ofAnythingElse_isNull(String text) {
    assertThat(PriceKey.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "2.5, 2500000", "0.075, 75000", "0.000001, 1", "100000, 100000000000"})
  void toPicoPerToken_isExact(BigDecimal usdPerMillion, long pico) {
    assertThat(UsdPerMillion.toPicoPerToken(usdPerMillion)).isEqualTo(pico);
    assertThat(UsdPerMillion.format(pico)).isEqualTo(usdPerMillion.toPlainString());
  }

  @Test
  void toPicoPerToken_refusesWhatItCannotHold() {
    assertThatThrownBy(() -> UsdPerMillion.toPicoPerToken(new BigDecimal("0.0000025")))
        .hasMessage("may have 6 decimals at most");
    assertThatThrownBy(() -> UsdPerMillion.toPicoPerToken(new BigDecimal("-1")))
        .hasMessage("must be from 0 to 100000");
    assertThatThrownBy(() -> UsdPerMillion.toPicoPerToken(new BigDecimal("1e999999")))
        .hasMessage("must be from 0 to 100000");
  }
}
