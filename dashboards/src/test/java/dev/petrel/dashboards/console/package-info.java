// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.petrel.dashboards.console;

import org.jspecify.annotations.NullMarked;
