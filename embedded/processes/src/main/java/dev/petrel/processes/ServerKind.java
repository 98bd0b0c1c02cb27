// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.nio.file.Path;
import java.util.List;

/** What differs from one embedded server to the other. */
interface ServerKind {
  String name();

  /** Where its jars are, below the directory of all servers. */
  String folder();

  /** The file that its process holds an operating system's lock on. */
  Path lockFile(Path dataDirectory);

  /** The option of {@code petrel up} that uses a server that already runs on the port. */
  String useRunningOption(int port);

  /** JVM flags beyond those of every server. */
  List<String> flags();

  List<String> mainAndArguments(Path dataDirectory, int port, int internalPort);

  /** Whether the server does its work, asked once, in a few seconds at most. */
  boolean answers(int port) throws InterruptedException;
}
