// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScopeTest {

  @Test
  void ofKey_restoresScopesWithAwkwardNames() {
    Scope scope = Scope.tenantModel("prod", "a|b\\|", null, "azure/gpt|4\\");

    assertThat(Scope.ofKey(scope.key())).isEqualTo(scope);
    assertThat(Scope.ofKey(Scope.all(null).key())).isEqualTo(Scope.all(null));
    assertThat(Scope.ofKey(Scope.credential(null, "openai", "0badcafe").key()))
        .isEqualTo(Scope.credential(null, "openai", "0badcafe"));
  }

  @Test
  void key_isStable() {
    assertThat(Scope.model("prod", "openai", "gpt-4o").key())
        .isEqualTo("model|prod|openai|gpt-4o|||");
    assertThat(Scope.all(null).key()).isEqualTo("all||||||");
  }

  @Test
  void key_differsWhereOnlyTheSeparatorDiffers() {
    assertThat(Scope.tenant("a|b", "c").key()).isNotEqualTo(Scope.tenant("a", "b|c").key());
  }

  @Test
  void ofKey_refusesWhatIsNoKey() {
    assertThatThrownBy(() -> Scope.ofKey("tenant|x")).hasMessageContaining("2 parts");
    assertThatThrownBy(() -> Scope.ofKey("planet||||||"))
        .hasMessageContaining("planet")
        .hasMessageContaining("tenant_model");
  }
}
