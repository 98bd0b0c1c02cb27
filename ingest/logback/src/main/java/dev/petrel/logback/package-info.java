// SPDX-License-Identifier: Apache-2.0
/** Makes call events of an application's own log statements: the Logback appender. */
@NullMarked
package dev.petrel.logback;

import org.jspecify.annotations.NullMarked;
