// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

/** An OpenSearch node for tests, without security. */
public interface TestOpenSearch {
  /** The address of the REST API, without a slash at the end. */
  String url();
}
