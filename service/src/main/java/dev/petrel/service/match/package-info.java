// SPDX-License-Identifier: Apache-2.0
/** Conditions on labels, in Alertmanager's notation. */
@NullMarked
package dev.petrel.service.match;

import org.jspecify.annotations.NullMarked;
