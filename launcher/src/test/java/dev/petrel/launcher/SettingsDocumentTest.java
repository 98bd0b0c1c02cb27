// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsDocumentTest {

  private static final Path PAGE = Path.of("..", "docs", "settings.md");

  @Test
  void markdown_isThePublishedPage() throws IOException {
    String page = SettingsDocument.markdown(SettingsOptions.known());
    if (Boolean.getBoolean("petrel.update-docs")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE))
        .as("regenerate with mvn test -pl launcher -Dpetrel.update-docs=true")
        .isEqualTo(page);
  }
}
