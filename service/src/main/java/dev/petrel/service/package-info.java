// SPDX-License-Identifier: Apache-2.0
/**
 * What every service has: settings, health, metrics, a management port, and the topics they share.
 */
@NullMarked
package dev.petrel.service;

import org.jspecify.annotations.NullMarked;
