// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.service.Setting;
import java.util.List;

/** The page {@code docs/settings.md}, made from the settings themselves. */
final class SettingsDocument {

  private SettingsDocument() {}

  static String markdown(List<Setting<?>> settings) {
    StringBuilder page =
        new StringBuilder(
            """
            # Settings

            Each key can stand in the YAML file (`--config FILE`, or `PETREL_CONFIG`), nested at its dots, in the
            environment, and behind `--set`; the later of these wins. Unknown keys and bad values stop the start.
            Secrets are read from the environment only, or from the file that the key with `_file` appended names.

            | key | environment | default | allowed | meaning |
            |---|---|---|---|---|
            """);
    for (Setting<?> setting : settings) {
      page.append(
          "| `%s` | `%s` | %s | %s | %s |%n"
              .formatted(
                  setting.key(),
                  setting.environmentVariable(),
                  setting.defaultText() == null ? "–" : "`" + setting.defaultText() + "`",
                  setting.secret() ? setting.allowed() + "; secret" : setting.allowed(),
                  setting.description()));
    }
    return page.toString();
  }
}
