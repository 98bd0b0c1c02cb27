// SPDX-License-Identifier: Apache-2.0
/** Detection: recent minutes of each scope, rules over them, and the state of alert episodes. */
@NullMarked
package dev.petrel.alerting.detect;

import org.jspecify.annotations.NullMarked;
