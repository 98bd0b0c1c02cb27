// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

/** A setting that cannot be used. The message names the key, the value and what is allowed. */
public final class SettingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SettingException(String message) {
    super(message);
  }
}
