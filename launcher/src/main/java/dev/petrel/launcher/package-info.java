// SPDX-License-Identifier: Apache-2.0
/** The petrel program: its commands, and the installation that runs all services in one place. */
@NullMarked
package dev.petrel.launcher;

import org.jspecify.annotations.NullMarked;
