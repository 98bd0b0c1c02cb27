// SPDX-License-Identifier: Apache-2.0
/** Makes call events of an application's own log statements: the Log4j2 appender. */
@NullMarked
package dev.petrel.log4j2;

import org.jspecify.annotations.NullMarked;
