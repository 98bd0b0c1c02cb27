// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.petrel.dashboards.index;

import org.jspecify.annotations.NullMarked;
