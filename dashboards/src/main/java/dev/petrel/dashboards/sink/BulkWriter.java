// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.dashboards.index.IndexTemplates;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.dashboards.index.OpenSearchCallException;
import dev.petrel.dashboards.sink.DeadLetters.DeadLetter;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes operations in bulk requests of bounded size, each until OpenSearch has taken it.
 *
 * <p>What fails for a reason that passes (no answer, 429, 5xx, a refused login) is sent again with
 * growing pauses, for as long as it takes. What OpenSearch can never take (a document that does not
 * fit the mapping) is given back. Templates are put before the first request, and again after each
 * failure, as the cluster may have come back empty. Not thread-safe.
 */
final class BulkWriter {

  static final int MAX_OPERATIONS = 1000;
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int TOO_LARGE = 413;

  private final OpenSearch openSearch;
  private final SinkMeters meters;
  private final Pauses pauses;
  private boolean templatesPut;

  /** How to wait between two tries. */
  interface Pauses {
    /**
     * Waits.
     *
     * @param problem why, in words for an operator
     * @return false to give up, as the program ends
     */
    boolean pause(Duration length, String problem);
  }

  /** The program ends while something is not written. */
  static final class GivenUpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GivenUpException() {
      super("closed while OpenSearch did not take a bulk request", null, false, false);
    }
  }

  BulkWriter(OpenSearch openSearch, SinkMeters meters, Pauses pauses) {
    this.openSearch = openSearch;
    this.meters = meters;
    this.pauses = pauses;
  }

  /**
   * Puts the templates; for times without anything to write, to notice what state things are in.
   */
  void check() {
    templatesPut = false;
    putTemplates();
  }

  private void putTemplates() {
    if (!templatesPut) {
      IndexTemplates.put(openSearch);
      templatesPut = true;
    }
  }

  /**
   * Writes all and returns when OpenSearch has acknowledged them.
   *
   * @return those that it can never take
   * @throws GivenUpException when {@link Pauses} says so
   */
  List<DeadLetter> write(List<Operation> operations) {
    List<DeadLetter> dead = new ArrayList<>();
    List<Operation> chunk = new ArrayList<>();
    int bytes = 0;
    for (Operation operation : operations) {
      int size = operation.lines().length;
      if (!chunk.isEmpty() && (chunk.size() == MAX_OPERATIONS || bytes + size > MAX_BYTES)) {
        writeChunk(chunk, dead);
        chunk = new ArrayList<>();
        bytes = 0;
      }
      chunk.add(operation);
      bytes += size;
    }
    writeChunk(chunk, dead);
    return dead;
  }

  private void writeChunk(List<Operation> chunk, List<DeadLetter> dead) {
    List<Operation> pending = chunk;
    Duration pause = FIRST_PAUSE;
    while (!pending.isEmpty()) {
      Attempt attempt = new Attempt(dead);
      attempt.send(pending);
      if (attempt.again.isEmpty()) {
        return;
      }
      if (attempt.again.size() < pending.size()) {
        pause = FIRST_PAUSE;
      }
      pending = attempt.again;
      if (!pauses.pause(pause, attempt.problem)) {
        throw new GivenUpException();
      }
      meters.retried(pending.size());
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  /** One try of a chunk, and what it leaves. */
  private final class Attempt {
    private final List<DeadLetter> dead;
    private final List<Operation> again = new ArrayList<>();
    private String problem = "";

    Attempt(List<DeadLetter> dead) {
      this.dead = dead;
    }

    void send(List<Operation> operations) {
      OpenSearch.Answer answer;
      try {
        putTemplates();
        answer = openSearch.send("POST", "/_bulk", Map.of(), body(operations));
      } catch (OpenSearchCallException e) {
        templatesPut = false;
        problem = String.valueOf(e.getMessage());
        again.addAll(operations);
        return;
      }
      if (answer.status() == 200) {
        readItems(operations, answer.json().path("items"));
      } else if (answer.status() == TOO_LARGE || answer.status() == BAD_REQUEST) {
        halve(operations, OpenSearch.reasonOf(answer));
      } else {
        templatesPut = false;
        problem =
            "%s answered %d to a bulk request: %s"
                .formatted(openSearch, answer.status(), OpenSearch.reasonOf(answer));
        again.addAll(operations);
      }
    }

    /** Finds the operation that OpenSearch refuses the whole request for. */
    private void halve(List<Operation> operations, String reason) {
      if (operations.size() == 1) {
        dead.add(new DeadLetter(operations.get(0).record(), "OpenSearch: " + reason));
        return;
      }
      int middle = operations.size() / 2;
      send(operations.subList(0, middle));
      send(operations.subList(middle, operations.size()));
    }

    private void readItems(List<Operation> operations, JsonNode items) {
      for (int i = 0; i < operations.size(); i++) {
        Operation operation = operations.get(i);
        // Its one field is named like the action.
        JsonNode item = items.path(i).path(0);
        for (JsonNode result : items.path(i)) {
          item = result;
        }
        readItem(operation, item.path("status").asInt(0), item.path("error"));
      }
    }

    private void readItem(Operation operation, int status, JsonNode error) {
      String topic = operation.record().topic();
      if (status >= 200 && status < 300) {
        meters.indexed(topic);
      } else if (status == CONFLICT && operation.kind() == Operation.Kind.REPLACE) {
        meters.superseded(topic);
      } else if (status == BAD_REQUEST && isOfTheDocument(error)) {
        dead.add(new DeadLetter(operation.record(), "OpenSearch: " + describe(error)));
      } else {
        problem =
            "%s does not take documents of %s: %d %s"
                .formatted(openSearch, operation.index(), status, describe(error));
        if (status == NOT_FOUND) {
          templatesPut = false;
        }
        again.add(operation);
      }
    }

    /** Not so is, for example, a cluster at its limit of shards. */
    private static boolean isOfTheDocument(JsonNode error) {
      return !"validation_exception".equals(error.path("type").asText());
    }

    private static String describe(JsonNode error) {
      String cause = error.path("caused_by").path("reason").asText("");
      String text = error.path("type").asText() + ": " + error.path("reason").asText();
      return cause.isEmpty() ? text : text + " (" + cause + ')';
    }
  }

  private static byte[] body(List<Operation> operations) {
    int size = 0;
    for (Operation operation : operations) {
      size += operation.lines().length;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream(size);
    for (Operation operation : operations) {
      body.writeBytes(operation.lines());
    }
    return body.toByteArray();
  }
}
