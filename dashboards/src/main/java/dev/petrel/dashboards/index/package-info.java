// SPDX-License-Identifier: Apache-2.0
/** OpenSearch: how it is called, how the indices are named and what their documents look like. */
@NullMarked
package dev.petrel.dashboards.index;

import org.jspecify.annotations.NullMarked;
