// SPDX-License-Identifier: Apache-2.0
/** What every hook into an HTTP client shows, as tests that its module inherits. */
@NullMarked
package dev.petrel.hook.contract;

import org.jspecify.annotations.NullMarked;
