// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the class path of an embedded server. The system property {@code petrel.servers} names a
 * directory: a source tree's {@code embedded}, or an installation's with the jars of each server in
 * a folder of its own.
 */
final class ServerJars {
  static final String PROPERTY = "petrel.servers";

  private ServerJars() {}

  /** The server's own jar, whose manifest names the others beside it. */
  static Path find(String folder) {
    String servers = System.getProperty(PROPERTY);
    if (servers == null) {
      throw new ServerStartException(
          "System property %s is not set: start Petrel by its `petrel` script, or name the directory that holds %s"
              .formatted(PROPERTY, folder));
    }
    return find(Path.of(servers).toAbsolutePath().normalize(), folder);
  }

  static Path find(Path directory, String folder) {
    String jar = "petrel-" + folder + ".jar";
    List<Path> candidates =
        List.of(
            directory.resolve(folder).resolve("target").resolve("server").resolve(jar),
            directory.resolve(folder).resolve(jar));
    @Nullable Path found =
        candidates.stream().filter(Files::isRegularFile).findFirst().orElse(null);
    if (found == null) {
      throw new ServerStartException(
          "The jars of %s are not in %s: run `mvn package` in the source tree (looked for %s and %s)"
              .formatted(folder, directory, candidates.get(0), candidates.get(1)));
    }
    return found;
  }
}
