// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.petrel.dashboards.accounts;

import org.jspecify.annotations.NullMarked;
