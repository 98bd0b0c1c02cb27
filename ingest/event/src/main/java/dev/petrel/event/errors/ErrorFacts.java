// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows to the rules.
 *
 * @param provider in lower case, empty when unknown
 * @param status the HTTP status; null when unknown
 * @param cancelled whether the caller is known to have given up
 * @param fields the named values of the text
 * @param exceptions simple names of thrown and named exceptions, superclasses and causes included
 * @param exception simple name of the outermost one, null when there is none
 * @param message for people; null when there is none
 * @param words in which the rules look for what is said, in lower case
 */
record ErrorFacts(
    String provider,
    @Nullable Integer status,
    boolean cancelled,
    ErrorFields fields,
    Set<String> exceptions,
    @Nullable String exception,
    @Nullable String message,
    String words) {

  /** Text that is longer is looked at from both ends. */
  private static final int MAX_TEXT = 16 * 1024;

  private static final int MAX_WORDS = 4 * 1024;
  private static final int MAX_CAUSES = 16;

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]{4,79}+");

  /** Of the exceptions that languages and libraries name so. */
  private static final Pattern EXCEPTION =
      Pattern.compile("(?:[A-Za-z_]\\w{0,60}+\\.)*+([A-Z]\\w{1,70}(?:Exception|Error))\\b");

  /** How texts tell the status, the surest first. */
  private static final List<Pattern> STATUS =
      List.of(
          Pattern.compile("(?i)\\berror code:? {0,2}([45]\\d\\d)\\b"),
          Pattern.compile(
              "(?i)\\b(?:http|status)[ _-]?(?:status|code)?[ _-]?(?:code)?\\W{0,3}([45]\\d\\d)\\b"),
          Pattern.compile(
              "(?i)\\b([45]\\d\\d)\\b[:)\\]]? {0,2}(?:bad request|unauthorized|payment required|forbidden"
                  + "|not found|request timeout|conflict|payload too large|request entity too large"
                  + "|unprocessable|too many requests|internal server error|bad gateway"
                  + "|service (?:temporarily )?unavailable|gateway time-?out)"),
          Pattern.compile("(?i)\\b(?:error|code|api|failed|exception)\\b\\W{1,3}([45]\\d\\d)\\b"),
          Pattern.compile("^\\W{0,2}([45]\\d\\d)\\b(?![.\\d])"),
          Pattern.compile("HTTP/[\\d.]{1,3}\\W{1,3}([45]\\d\\d)\\b"),
          // A cell of an access log.
          Pattern.compile("[|\"] ([45]\\d\\d) [|\\d]"),
          // One of those that LLM APIs send, by itself, and no amount of anything.
          Pattern.compile(
              "(?<![\\w.,:/=#-])(400|401|402|403|404|408|413|422|429|499|500|502|503|504|524|529)"
                  + "(?![\\w.,%/-])(?=\\s*+(?:$|[:;)\\]}|\"'<{\\[]|-|[A-Z]))"));

  /** Logs break lines anywhere. */
  private static final Pattern SPACES = Pattern.compile("\\s++");

  /** Canonical codes of gRPC, as its clients print them. */
  private static final Pattern GRPC =
      Pattern.compile(
          "\\b(CANCELLED|DEADLINE_EXCEEDED|NOT_FOUND|PERMISSION_DENIED|UNAUTHENTICATED"
              + "|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|UNAVAILABLE|INTERNAL|INVALID_ARGUMENT)\\b");

  static ErrorFacts of(ErrorReport report, Set<String> exceptionNames) {
    String text = text(report);
    ErrorFields fields = FieldScanner.scan(text);
    String amazonType = report.headers().get("x-amzn-errortype");
    if (amazonType != null) {
      int end = amazonType.indexOf(':');
      fields.put("type", end < 0 ? amazonType : amazonType.substring(0, end));
    }
    Set<String> exceptions = new LinkedHashSet<>();
    addThrown(report.exception(), exceptions);
    addNamed(text, exceptionNames, exceptions);
    Matcher grpc = GRPC.matcher(text);
    while (grpc.find()) {
      fields.addCode(grpc.group());
    }
    // AWS names its exceptions where others have codes.
    exceptions.forEach(fields::addCode);
    return new ErrorFacts(
        report.provider() == null ? "" : report.provider().toLowerCase(Locale.ROOT),
        status(report.status(), fields.status(), text),
        report.cancelled(),
        fields,
        exceptions,
        outermost(report.exception(), text),
        message(fields, text),
        words(fields, text));
  }

  Set<String> codes() {
    return fields.codes();
  }

  /** The report's text, and what its exceptions say. */
  private static String text(ErrorReport report) {
    StringBuilder text = new StringBuilder();
    if (report.text() != null) {
      text.append(bothEnds(report.text(), MAX_TEXT));
    }
    Throwable thrown = report.exception();
    for (int i = 0; thrown != null && i < MAX_CAUSES && text.length() < MAX_TEXT; i++) {
      String message = messageOf(thrown);
      if (message != null && text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : "\n")
            .append(message, 0, Math.min(message.length(), MAX_WORDS));
      }
      thrown = thrown.getCause();
    }
    return text.toString();
  }

  /** An exception of anyone's may fail to say what it is. */
  private static @Nullable String messageOf(Throwable thrown) {
    try {
      return thrown.getMessage();
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static void addThrown(@Nullable Throwable thrown, Set<String> names) {
    Throwable current = thrown;
    for (int i = 0; current != null && i < MAX_CAUSES; i++) {
      for (Class<?> type = current.getClass();
          type != null && type != Exception.class && type != Throwable.class;
          type = type.getSuperclass()) {
        if (type != RuntimeException.class && type != Error.class) {
          names.add(type.getSimpleName());
        }
      }
      current = current.getCause();
    }
  }

  private static @Nullable String outermost(@Nullable Throwable thrown, String text) {
    if (thrown != null) {
      String name = thrown.getClass().getName();
      return name.substring(name.lastIndexOf('.') + 1);
    }
    Matcher named = EXCEPTION.matcher(text);
    return named.find() ? named.group(1) : null;
  }

  private static void addNamed(String text, Set<String> known, Set<String> names) {
    Matcher name = NAME.matcher(text);
    while (name.find()) {
      if (known.contains(name.group())) {
        names.add(name.group());
      }
    }
  }

  /** An error within a successful answer has the status that it names. */
  private static @Nullable Integer status(
      @Nullable Integer reported, @Nullable Integer ofFields, String text) {
    if (reported != null && reported >= 400) {
      return reported;
    }
    for (Pattern pattern : STATUS) {
      Matcher matcher = pattern.matcher(text);
      if (matcher.find()) {
        return Integer.valueOf(matcher.group(1));
      }
    }
    return ofFields == null ? reported : ofFields;
  }

  private static @Nullable String message(ErrorFields fields, String text) {
    if (!fields.messages().isEmpty()) {
      return fields.messages().get(0);
    }
    return text.isBlank() ? null : text.strip();
  }

  /** The messages where there are any, and what stands before the first brace; else all. */
  private static String words(ErrorFields fields, String text) {
    StringBuilder words = new StringBuilder();
    if (fields.messages().isEmpty()) {
      append(words, text);
    } else {
      int brace = text.indexOf('{');
      append(words, brace < 0 ? text : text.substring(0, brace));
      fields.messages().forEach(message -> append(words, message));
    }
    append(words, fields.quotas());
    return words.toString().toLowerCase(Locale.ROOT);
  }

  /** A line of its own. */
  private static void append(StringBuilder words, String text) {
    if (words.length() < 2 * MAX_WORDS && !text.isBlank()) {
      String cut = bothEnds(text, MAX_WORDS).strip();
      words.append(SPACES.matcher(cut).replaceAll(" ")).append('\n');
    }
  }

  /** Long text without its middle: what matters is said first, or after a quotation. */
  private static String bothEnds(String text, int max) {
    return text.length() <= max
        ? text
        : text.substring(0, max / 2) + '\n' + text.substring(text.length() - max / 2);
  }
}
