// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The named values found in an error's text, sorted by what they mean. Filled by {@link
 * FieldScanner}; not thread-safe.
 *
 * <p>Providers nest errors in errors (a router's in the model's, a client's in the router's): the
 * outermost type, code and parameter are kept as the raw ones, while all codes and messages count
 * for the rules.
 */
final class ErrorFields {

  private enum Meaning {
    MESSAGE,
    /** A message, or a code where it is a single word. */
    ERROR,
    TYPE,
    CODE,
    STATUS,
    REASON,
    PARAM,
    REQUEST_ID,
    RETRY_DELAY,
    QUOTA
  }

  private static final Map<String, Meaning> MEANINGS = new HashMap<>();

  static {
    put(
        Meaning.MESSAGE,
        "message",
        "msg",
        "detail",
        "details",
        "error_description",
        "raw",
        "title");
    put(Meaning.ERROR, "error", "error_message", "errorMessage");
    put(Meaning.TYPE, "type", "error_type", "errorType", "__type");
    put(Meaning.CODE, "code", "error_code", "errorCode");
    put(Meaning.STATUS, "status", "statuscode", "status_code", "httpstatuscode", "http_status");
    put(Meaning.STATUS, "raw_status_code", "originalstatuscode");
    put(Meaning.REASON, "reason", "name", "blockreason", "finish_reason", "finishreason");
    put(Meaning.PARAM, "param");
    put(Meaning.REQUEST_ID, "request_id", "requestid");
    put(Meaning.RETRY_DELAY, "retrydelay");
    put(Meaning.QUOTA, "quotaid", "quotavalue", "quotametric");
  }

  /** Bounds what hostile text can make of the sets. */
  private static final int MAX_VALUES = 64;

  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][\\w.-]{0,63}");
  private static final Pattern HTTP_ERROR = Pattern.compile("[45]\\d\\d");

  private final Set<String> codes = new LinkedHashSet<>();
  private final List<String> messages = new ArrayList<>();
  private final StringBuilder quotas = new StringBuilder();
  private @Nullable String type;
  private @Nullable String code;
  private @Nullable String param;
  private @Nullable String requestId;
  private @Nullable String retryDelay;
  private @Nullable Integer status;

  private static void put(Meaning meaning, String... names) {
    for (String name : names) {
      MEANINGS.put(name.toLowerCase(Locale.ROOT), meaning);
    }
  }

  /** Whether values of this name mean anything here; those of others may be content. */
  static boolean isKnown(String name) {
    return MEANINGS.containsKey(name.toLowerCase(Locale.ROOT));
  }

  /** Takes in a value by the name that it has in the text. */
  void put(String name, String value) {
    Meaning meaning = MEANINGS.get(name.toLowerCase(Locale.ROOT));
    if (meaning == null || value.isBlank()) {
      return;
    }
    switch (meaning) {
      case MESSAGE -> addMessage(value);
      case ERROR -> {
        if (IDENTIFIER.matcher(value).matches()) {
          addCode(value);
        }
        addMessage(value);
      }
      case TYPE -> {
        addCode(value);
        // Anthropic's envelope says no more than that it is one.
        if (type == null && !value.equals("error")) {
          type = value;
        }
      }
      case CODE -> {
        addCode(value);
        addStatus(value);
        // A status in the place of a code gives way to a code.
        if (code == null || (isHttpError(code) && !isHttpError(value))) {
          code = value;
        }
      }
      case STATUS -> {
        addCode(value);
        addStatus(value);
      }
      case REASON -> addCode(value);
      case PARAM -> param = param == null ? value : param;
      case REQUEST_ID -> requestId = requestId == null ? value : requestId;
      case RETRY_DELAY -> {
        retryDelay = retryDelay == null ? value : retryDelay;
        addQuota(name, value);
      }
      case QUOTA -> addQuota(name, value);
    }
  }

  private void addMessage(String value) {
    if (messages.size() < MAX_VALUES) {
      messages.add(value);
    }
  }

  void addCode(String value) {
    if (codes.size() < MAX_VALUES && IDENTIFIER.matcher(value).matches()) {
      codes.add(value.toLowerCase(Locale.ROOT));
    }
  }

  private void addStatus(String value) {
    if (status == null && isHttpError(value)) {
      status = Integer.valueOf(value);
    }
  }

  private static boolean isHttpError(String value) {
    return HTTP_ERROR.matcher(value).matches();
  }

  /** Google says in these, and not in words, which quota is meant. */
  private void addQuota(String name, String value) {
    if (quotas.length() < MAX_VALUES * MAX_VALUES) {
      quotas.append('\n').append(name).append(": ").append(value);
    }
  }

  /** All codes, types and reasons, in lower case. */
  Set<String> codes() {
    return codes;
  }

  List<String> messages() {
    return messages;
  }

  /** A line for each detail of a quota; empty when there is none. */
  String quotas() {
    return quotas.toString();
  }

  @Nullable String type() {
    return type;
  }

  @Nullable String code() {
    return code;
  }

  @Nullable String param() {
    return param;
  }

  @Nullable String requestId() {
    return requestId;
  }

  @Nullable String retryDelay() {
    return retryDelay;
  }

  /** The HTTP status that a field names, null when none does. */
  @Nullable Integer status() {
    return status;
  }
}
