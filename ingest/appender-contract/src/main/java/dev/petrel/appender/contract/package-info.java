// SPDX-License-Identifier: Apache-2.0
/** What every appender of Petrel does, whatever the logging framework: tests to inherit. */
@NullMarked
package dev.petrel.appender.contract;

import org.jspecify.annotations.NullMarked;
