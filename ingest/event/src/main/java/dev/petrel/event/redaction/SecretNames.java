// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static dev.petrel.event.redaction.SecretName.Certainty.IF_OPAQUE;
import static dev.petrel.event.redaction.SecretName.Certainty.SURE;

import dev.petrel.event.redaction.SecretName.Extent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of names whose values are secret, and how to find one that ends at a place in a text.
 *
 * <p>Names are kept as a tree of their letters from last to first, so that finding one takes no
 * more steps than the longest has letters, however many there are.
 */
final class SecretNames {

  private static final List<SecretName> ALL =
      List.of(
          // Headers that the SDKs of OpenAI, Anthropic, Google and Azure hide in their own logs.
          new SecretName("authorization", "authorization", SURE, Extent.CREDENTIALS),
          new SecretName("cookie", "cookie", SURE, Extent.LINE),
          sure("apikey", "api-key"),
          sure("subscriptionkey", "api-key"),
          sure("securitytoken", "session-token"),
          // What OpenAI, Cohere and LiteLLM write before the key that they refuse, masked or not.
          sure("keyprovided", "api-key"),
          sure("keypassed", "api-key"),
          // AWS, Azure and Google credentials, as environment, JSON and connection strings have
          // them.
          sure("secretaccesskey", "aws-secret-access-key"),
          sure("secretkey", "secret-key"),
          sure("accesskey", "secret-key"),
          sure("accountkey", "secret-key"),
          sure("sharedaccesskey", "secret-key"),
          sure("sharedaccesssignature", "signature"),
          sure("xamzsignature", "signature"),
          sure("xgoogsignature", "signature"),
          sure("privatekey", "secret-key"),
          sure("signingkey", "secret-key"),
          sure("encryptionkey", "secret-key"),
          sure("masterkey", "secret-key"),
          // OAuth 2 (RFC 6749) and the many APIs that speak of tokens.
          sure("accesstoken", "token"),
          sure("refreshtoken", "token"),
          sure("sessiontoken", "session-token"),
          sure("idtoken", "token"),
          sure("authtoken", "token"),
          sure("apitoken", "token"),
          sure("bearertoken", "token"),
          sure("secret", "secret"),
          sure("password", "password"),
          sure("passwd", "password"),
          sure("passphrase", "password"),
          sure("pwd", "password"),
          // Secret in a URL, or where the value looks it. PagerDuty's routing keys are 32 hex
          // digits.
          ifOpaque("token", "token"),
          ifOpaque("key", "key"),
          ifOpaque("sig", "signature"),
          ifOpaque("signature", "signature"),
          ifOpaque("auth", "credentials"),
          ifOpaque("bearer", "bearer-token"),
          ifOpaque("credential", "credentials"),
          ifOpaque("credentials", "credentials"),
          ifOpaque("session", "session"),
          ifOpaque("sessionid", "session"),
          ifOpaque("jwt", "jwt"));

  /** A letter of names, counted from their end, and the name that starts with it. */
  private static final class Node {
    final @Nullable Node[] next = new @Nullable Node[26];
    @Nullable SecretName name;
  }

  private static final Node ROOT = new Node();

  static {
    for (SecretName name : ALL) {
      Node node = ROOT;
      for (int i = name.name().length() - 1; i >= 0; i--) {
        int letter = name.name().charAt(i) - 'a';
        Node next = node.next[letter];
        if (next == null) {
          next = new Node();
          node.next[letter] = next;
        }
        node = next;
      }
      node.name = name;
    }
  }

  /** A name in a text, from {@code start} on. */
  record Found(SecretName name, int start) {}

  private SecretNames() {}

  /** The longest secret name that ends at {@code end}, exclusive; null when none does. */
  static @Nullable Found before(Window window, int end) {
    Found found = null;
    Node node = ROOT;
    for (int i = end - 1; i >= 0; i--) {
      char c = Window.lowered(window.at(i));
      if (c >= 'a' && c <= 'z') {
        Node next = node.next[c - 'a'];
        if (next == null) {
          break;
        }
        node = next;
        if (node.name != null && mayStart(window, i, node.name)) {
          found = new Found(node.name, i);
        }
      } else if (!isSeparator(c) || isSeparator(window.at(i + 1)) || i == end - 1) {
        break;
      }
    }
    return found;
  }

  private static boolean mayStart(Window window, int i, SecretName name) {
    boolean hump = CharClass.UPPER.has(window.at(i)) && !CharClass.UPPER.has(window.at(i - 1));
    return name.certainty() == SURE || hump || window.startsWord(i);
  }

  private static boolean isSeparator(char c) {
    return c == '-' || c == '_' || c == ' ' || c == '.';
  }

  private static SecretName sure(String name, String kind) {
    return new SecretName(name, kind, SURE, Extent.WORD);
  }

  private static SecretName ifOpaque(String name, String kind) {
    return new SecretName(name, kind, IF_OPAQUE, Extent.WORD);
  }
}
