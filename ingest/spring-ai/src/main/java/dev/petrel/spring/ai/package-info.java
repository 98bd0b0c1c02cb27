// SPDX-License-Identifier: Apache-2.0
/**
 * The hook into Spring AI: auto-configuration that makes an event of each attempt of its models.
 */
@NullMarked
package dev.petrel.spring.ai;

import org.jspecify.annotations.NullMarked;
