// SPDX-License-Identifier: Apache-2.0
/** Patterns that look at one kind of scope each. */
@NullMarked
package dev.petrel.alerting.detect.pattern;

import org.jspecify.annotations.NullMarked;
