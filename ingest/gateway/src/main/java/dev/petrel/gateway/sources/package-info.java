// SPDX-License-Identifier: Apache-2.0
/** Who may write: tokens, tenants and limits. */
@NullMarked
package dev.petrel.gateway.sources;

import org.jspecify.annotations.NullMarked;
