// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Turns a context into text that only this process can read, and back. The text goes with a request
 * from the thread that makes a call to the one that sends it; if it ever left the process, it would
 * tell nothing. Thread-safe.
 *
 * <p>The text <em>is</em> the context, encrypted, not the name of an entry in some table: so there
 * is nothing to forget too early, while a call is still being retried, or too late.
 */
final class ContextSeal {

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ABSENT = -1;

  private final SecretKey key;
  // With a key of its own for each seal, a count never comes twice, which is all a nonce must do.
  private final AtomicLong count = new AtomicLong();

  private ContextSeal(SecretKey key) {
    this.key = key;
  }

  /** The process's own, made when first asked for. */
  static ContextSeal ofProcess() {
    return Holder.SEAL;
  }

  private static final class Holder {
    static final ContextSeal SEAL = withNewKey();
  }

  static ContextSeal withNewKey() {
    try {
      return new ContextSeal(KeyGenerator.getInstance("AES").generateKey());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has AES", e);
    }
  }

  /** The context as URL-safe Base64. */
  String seal(CallContext context) {
    byte[] plain = bytes(context);
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(count.incrementAndGet()).array();
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
      ByteBuffer sealed = ByteBuffer.allocate(NONCE_BYTES + cipher.getOutputSize(plain.length));
      sealed.put(nonce).put(cipher.doFinal(plain));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + CIPHER, e);
    }
  }

  /** The context; null when the text is none that {@link #seal} of this one made. */
  @Nullable CallContext open(String text) {
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(text);
      if (sealed.length < NONCE_BYTES) {
        return null;
      }
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES));
      byte[] plain = cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
      return context(ByteBuffer.wrap(plain));
    } catch (GeneralSecurityException | IllegalArgumentException | BufferUnderflowException e) {
      return null;
    }
  }

  /** Each text as its length and UTF-8; attributes last, as many as there are. */
  private static byte[] bytes(CallContext context) {
    List<byte @Nullable []> texts = new ArrayList<>();
    texts.add(utf8(context.tenant()));
    texts.add(utf8(context.user()));
    texts.add(utf8(context.conversationId()));
    texts.add(utf8(context.feature()));
    context
        .attributes()
        .forEach(
            (name, value) -> {
              texts.add(utf8(name));
              texts.add(utf8(value));
            });
    int length = 0;
    for (byte[] text : texts) {
      length += Integer.BYTES + (text == null ? 0 : text.length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (byte[] text : texts) {
      if (text == null) {
        bytes.putInt(ABSENT);
      } else {
        bytes.putInt(text.length).put(text);
      }
    }
    return bytes.array();
  }

  private static byte @Nullable [] utf8(@Nullable String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  private static CallContext context(ByteBuffer bytes) {
    String tenant = text(bytes);
    String user = text(bytes);
    String conversationId = text(bytes);
    String feature = text(bytes);
    Map<String, String> attributes = new LinkedHashMap<>();
    while (bytes.hasRemaining()) {
      attributes.put(String.valueOf(text(bytes)), String.valueOf(text(bytes)));
    }
    return new CallContext(tenant, user, conversationId, feature, attributes);
  }

  private static @Nullable String text(ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length == ABSENT) {
      return null;
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, UTF_8);
  }
}
