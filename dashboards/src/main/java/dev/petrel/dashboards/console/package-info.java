// SPDX-License-Identifier: Apache-2.0
/** The console: a web server with the live overview, the incident pages and their JSON. */
@NullMarked
package dev.petrel.dashboards.console;

import org.jspecify.annotations.NullMarked;
