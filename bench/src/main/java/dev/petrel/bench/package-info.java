// SPDX-License-Identifier: Apache-2.0
/** End-to-end benchmarks, each beside its baselines in one run on a real broker. */
@NullMarked
package dev.petrel.bench;

import org.jspecify.annotations.NullMarked;
