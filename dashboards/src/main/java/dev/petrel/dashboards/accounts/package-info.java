// SPDX-License-Identifier: Apache-2.0
/** What has become of all calls, read from {@code llm-accounts}. */
@NullMarked
package dev.petrel.dashboards.accounts;

import org.jspecify.annotations.NullMarked;
