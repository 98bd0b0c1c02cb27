// SPDX-License-Identifier: Apache-2.0
/** The Apache Flink contender of the streams benchmark. */
@NullMarked
package dev.petrel.bench.flink;

import org.jspecify.annotations.NullMarked;
