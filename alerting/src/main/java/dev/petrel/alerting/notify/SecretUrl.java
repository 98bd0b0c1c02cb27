// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** What is secret about URLs, and how they must be protected. */
final class SecretUrl {

  /** Shorter parts are words and versions. */
  private static final int MIN_SECRET = 4;

  private SecretUrl() {}

  /** The parts of a URL's path and query that may be secret, longest first. */
  static List<String> secrets(URI url) {
    String query = url.getRawQuery() == null ? "" : url.getRawQuery();
    return Stream.concat(
            Stream.of(url.getRawPath(), url.getPath()).flatMap(path -> Stream.of(path.split("/"))),
            Stream.of(query.split("[&=]")))
        .filter(part -> part.length() >= MIN_SECRET && !part.equals("services"))
        .distinct()
        .sorted((a, b) -> b.length() - a.length())
        .toList();
  }

  /**
   * Returns the URL.
   *
   * @throws IllegalArgumentException when a secret sent there could be read on the way: only https,
   *     and http to this machine itself, are accepted; the message does not show the URL
   */
  static URI requireProtected(String name, URI url) {
    String scheme = String.valueOf(url.getScheme());
    String host = String.valueOf(url.getHost());
    boolean https = scheme.equals("https") && url.getHost() != null;
    if (!https && !(scheme.equals("http") && isLoopback(host))) {
      throw new IllegalArgumentException(
          name + ": must be an https URL; http only to 127.0.0.1, ::1 or localhost");
    }
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException(name + ": must not contain a user or password");
    }
    return url;
  }

  /** Whether a host is this machine by its name, without asking DNS. */
  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.equals("::1")
        || host.matches("127(\\.\\d{1,3}){3}");
  }
}
