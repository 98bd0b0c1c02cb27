// SPDX-License-Identifier: Apache-2.0
/** What publishing a call costs the application that makes it, beside other ways to log it. */
@NullMarked
package dev.petrel.bench.ingest;

import org.jspecify.annotations.NullMarked;
