// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import dev.petrel.processes.EmbeddedOpenSearch;

/** An OpenSearch node of one test's own, for faults: always a child JVM. */
public final class PrivateOpenSearch extends PrivateServer<EmbeddedOpenSearch>
    implements TestOpenSearch {
  private PrivateOpenSearch() {
    super(EmbeddedOpenSearch::options, EmbeddedOpenSearch::start);
  }

  /** Starts one on a free port and an empty temporary directory. */
  public static PrivateOpenSearch start() {
    return new PrivateOpenSearch();
  }

  @Override
  public String url() {
    return server().url();
  }
}
