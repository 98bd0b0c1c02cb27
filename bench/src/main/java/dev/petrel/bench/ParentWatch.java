// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.io.IOException;

/** Ends this JVM when its standard input does: a parent that dies takes its children along. */
public final class ParentWatch {

  private ParentWatch() {}

  /** Begins to watch. */
  public static void start() {
    Thread.ofPlatform().daemon().name("parent-watch").start(ParentWatch::awaitEndOfInput);
  }

  private static void awaitEndOfInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // As good as the end.
    }
    Runtime.getRuntime().halt(1);
  }
}
