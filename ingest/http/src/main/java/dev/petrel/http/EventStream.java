// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

/**
 * Takes server-sent events apart that come in pieces, without keeping them: the bytes of their data
 * are passed on as they come.
 *
 * <p>As the HTML standard has it (9.2.5, "Parsing an event stream"), but that only data is of
 * interest, and that the end of the stream ends an event: what is cut off is looked at too. Not
 * thread-safe.
 */
final class EventStream {

  /** Takes the data of events. */
  interface Listener {
    /** Some bytes of an event's data. */
    void data(byte[] bytes, int from, int length);

    /** The event is complete. Comes only after data. */
    void eventEnded();
  }

  private static final byte[] DATA = {'d', 'a', 't', 'a'};

  private enum Part {
    /** The line may be one of data. */
    NAME,
    /** Behind the colon of a line of data: a space is not part of it. */
    SPACE,
    DATA,
    OTHER
  }

  private final Listener listener;
  private Part part = Part.NAME;
  private int nameLength;
  private boolean hasData;
  private boolean afterCarriageReturn;

  EventStream(Listener listener) {
    this.listener = listener;
  }

  void feed(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    while (at < end) {
      byte b = bytes[at];
      if (b == '\n' && afterCarriageReturn) {
        afterCarriageReturn = false;
        at++;
        continue;
      }
      afterCarriageReturn = b == '\r';
      if (b == '\n' || b == '\r') {
        endLine();
        at++;
      } else if (part == Part.DATA || (part == Part.SPACE && b != ' ')) {
        at = data(bytes, at, end);
      } else {
        begin(b);
        at++;
      }
    }
  }

  private int data(byte[] bytes, int from, int end) {
    part = Part.DATA;
    int at = from;
    while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    hasData = true;
    listener.data(bytes, from, at - from);
    return at;
  }

  private void begin(byte b) {
    switch (part) {
      case NAME -> {
        if (nameLength < DATA.length && b == DATA[nameLength]) {
          nameLength++;
        } else {
          part = nameLength == DATA.length && b == ':' ? Part.SPACE : Part.OTHER;
          nameLength = Math.max(nameLength, 1);
        }
      }
      case SPACE -> part = Part.DATA;
      case DATA, OTHER -> {}
    }
  }

  private void endLine() {
    boolean blank = part == Part.NAME && nameLength == 0;
    part = Part.NAME;
    nameLength = 0;
    if (blank) {
      endEvent();
    }
  }

  /** The stream has come to its end. */
  void end() {
    endEvent();
  }

  private void endEvent() {
    if (hasData) {
      hasData = false;
      listener.eventEnded();
    }
  }
}
