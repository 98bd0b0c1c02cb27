// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The container images: the same versions as the embedded servers, put in by the build. */
final class Images {
  private Images() {}

  static String of(String server) {
    Properties images = new Properties();
    try (InputStream stream =
        Objects.requireNonNull(
            Images.class.getResourceAsStream("images.properties"), "images.properties")) {
      images.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Objects.requireNonNull(images.getProperty(server), server);
  }
}
