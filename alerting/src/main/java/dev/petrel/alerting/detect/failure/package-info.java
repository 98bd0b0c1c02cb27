// SPDX-License-Identifier: Apache-2.0
/** Too large a share of attempts fails: which part of the traffic, for which cause. */
@NullMarked
package dev.petrel.alerting.detect.failure;

import org.jspecify.annotations.NullMarked;
