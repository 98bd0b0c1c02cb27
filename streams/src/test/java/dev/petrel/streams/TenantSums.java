// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The attempts of each tenant over all windows of a length, added up from the published documents'
 * plain fields, as a reader without our code would.
 */
final class TenantSums implements AutoCloseable {

  private static final JsonFactory JSON = new JsonFactory();

  private final CommittedRecords records;
  private final long windowMs;
  private final Map<String, Long> latest = new HashMap<>();
  private final Map<String, Long> sums = new HashMap<>();
  private long total;

  TenantSums(String bootstrapServers, String topic, long windowMs) {
    this.records = new CommittedRecords(bootstrapServers, topic);
    this.windowMs = windowMs;
  }

  /** Takes in all that there is. */
  void readToEnd() {
    while (!records.atEnd()) {
      for (ConsumerRecord<byte[], byte[]> record : records.read()) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (key.startsWith("tenant|")) {
          read(key, record.value());
        }
      }
    }
  }

  private void read(String key, byte[] document) {
    String tenant = null;
    long attempts = 0;
    long length = 0;
    try (JsonParser parser = JSON.createParser(document)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "tenant" -> tenant = parser.getText();
          case "attempts" -> attempts = parser.getLongValue();
          case "window_ms" -> length = parser.getLongValue();
          default -> parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (length == windowMs) {
      Long before = latest.put(key, attempts);
      long more = attempts - (before == null ? 0 : before);
      sums.merge(tenant, more, Long::sum);
      total += more;
    }
  }

  /** By tenant; all those together that are beyond the cap are one. */
  Map<String, Long> sums() {
    return sums;
  }

  /** Of all tenants together. */
  long total() {
    return total;
  }

  @Override
  public void close() {
    records.close();
  }
}
