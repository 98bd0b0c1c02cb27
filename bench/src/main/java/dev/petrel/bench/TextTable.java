// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.util.ArrayList;
import java.util.List;

/** Lines of text in columns: the first one to the left, the others to the right. */
public final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();

  /** One without rows. */
  public TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  /** Adds a row: a cell for each heading. */
  public void add(List<String> cells) {
    if (cells.size() != rows.get(0).size()) {
      throw new IllegalArgumentException("a row must have a cell for each heading: " + cells);
    }
    rows.add(List.copyOf(cells));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int width = width(column);
        String cell = row.get(column);
        String padding = " ".repeat(width - cell.length());
        text.append(column == 0 ? cell + padding : "  " + padding + cell);
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
