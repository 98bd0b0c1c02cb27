// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Comma-separated values (RFC 4180) with a header row, UTF-8. */
public final class CsvFormat implements RecordingFormat {

  private final FieldMapping mapping;

  /** Reads rows by {@code mapping}. */
  public CsvFormat(FieldMapping mapping) {
    this.mapping = mapping;
  }

  @Override
  public void read(InputStream in, Recording.RowConsumer rows) throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setTrim(true)
            .get();
    try (CSVParser parser = format.parse(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      requireColumns(parser.getHeaderNames());
      Iterator<CSVRecord> records = parser.iterator();
      while (records.hasNext()) {
        read(records.next(), rows);
      }
    } catch (UncheckedIOException e) {
      throw new UnusableException("is no CSV from here on: " + e.getMessage());
    }
  }

  private void requireColumns(List<String> header) {
    for (String column : mapping.columns()) {
      if (!header.contains(column)) {
        throw new UnusableException(
            "has no column '%s'; it has %s".formatted(column, String.join(", ", header)));
      }
    }
  }

  private void read(CSVRecord record, Recording.RowConsumer rows) throws IOException {
    long row = record.getRecordNumber();
    try {
      rows.accept(
          new RecordedCall(
              row, mapping.map(column -> record.isSet(column) ? record.get(column) : null)));
    } catch (IllegalArgumentException e) {
      byte[] raw = String.join(",", record.values()).getBytes(StandardCharsets.UTF_8);
      rows.reject(new RejectedRow(row, raw, String.valueOf(e.getMessage())));
    }
  }
}
