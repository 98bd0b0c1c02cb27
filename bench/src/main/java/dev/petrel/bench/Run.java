// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

/**
 * A measured run.
 *
 * @param repetition counted from 1
 * @param name the contender, or the variation
 * @param letter the contender's letter
 * @param measured what it measured
 */
record Run(int repetition, String name, String letter, Measurement measured) {}
