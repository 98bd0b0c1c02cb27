// SPDX-License-Identifier: Apache-2.0
/** The rule file: YAML whose every mistake is reported with its line. */
@NullMarked
package dev.petrel.alerting.rules;

import org.jspecify.annotations.NullMarked;
