// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

/** One way to count calls. */
enum Contender {
  BARE("a", "bare consumer loop", "dev.petrel.bench.BareLoop"),
  PETREL("b", "Petrel", "dev.petrel.bench.PetrelStreams"),
  NAIVE("c", "naive DSL", "dev.petrel.bench.NaiveStreams"),
  FLINK("d", "Flink", "dev.petrel.bench.flink.FlinkCounting");

  private final String letter;
  private final String title;
  private final String mainClass;

  Contender(String letter, String title, String mainClass) {
    this.letter = letter;
    this.title = title;
    this.mainClass = mainClass;
  }

  /** The contender of a letter, as {@code --only} takes them. */
  static Contender lettered(String letter) {
    for (Contender contender : values()) {
      if (contender.letter.equals(letter)) {
        return contender;
      }
    }
    throw new IllegalArgumentException("contender must be one of a, b, c, d: " + letter);
  }

  String letter() {
    return letter;
  }

  String title() {
    return title;
  }

  String mainClass() {
    return mainClass;
  }
}
