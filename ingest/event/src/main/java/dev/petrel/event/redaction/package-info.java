// SPDX-License-Identifier: Apache-2.0
/**
 * What keeps secrets and raw ids out of events: a redactor of free text and a keyed hash.
 *
 * <p>Which secrets are known is in two tables, {@link dev.petrel.event.redaction.KeyFormats} (keys
 * known by what they look like) and {@link dev.petrel.event.redaction.SecretNames} (values known by
 * what stands before them). Adding one is a row.
 */
@NullMarked
package dev.petrel.event.redaction;

import org.jspecify.annotations.NullMarked;
